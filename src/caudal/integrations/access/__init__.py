"""Drivers of network access: one folder per kind of router."""
