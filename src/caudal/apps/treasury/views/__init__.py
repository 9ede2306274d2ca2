"""Screens of the treasury, and the two doors that are open to the outside."""
