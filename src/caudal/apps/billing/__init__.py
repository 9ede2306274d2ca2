"""Billing: calendars, invoices and what they charge. Not for who is cut: that is dunning."""
