"""Screens of the staff room."""
