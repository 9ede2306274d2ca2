"""Payments: money in, receipts and cash boxes. Not for what is owed."""
