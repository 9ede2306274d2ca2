"""Dunning: who is reminded, cut, or held by a promise to pay. Not for the invoices themselves."""
