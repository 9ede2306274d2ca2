"""Ledger: accounts, append-only transactions and entries, and balances. Not for deciding what is owed."""
