"""Screens of the network room."""
