"""Screens of the dunning room."""
