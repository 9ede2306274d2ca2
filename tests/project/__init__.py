"""The commands around the code."""
