"""Dunning: who is reminded, who is cut for what he owes, who promised to pay. Not for the invoices themselves."""
