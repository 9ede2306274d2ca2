"""Screens of the runs room."""
