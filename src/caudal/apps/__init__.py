"""The business: one small Django app per room."""
