"""Ledger: accounts, append-only transactions and balances. Not for deciding what is owed."""
