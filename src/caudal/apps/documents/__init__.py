"""Documents: what a company puts on paper, and how it looks there.

Invoices, receipts, statements, notes, letters. Not for what they say: the rooms above fill sheets.
"""
