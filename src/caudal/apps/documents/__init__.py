"""Documents: what a company puts on paper (invoice, receipt, statement, notes) and how it looks. Not for what they say."""
