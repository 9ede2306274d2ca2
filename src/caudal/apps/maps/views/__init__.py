"""Screens of the map: the map itself, what is on it, and files of positions."""
