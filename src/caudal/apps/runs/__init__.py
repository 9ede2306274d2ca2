"""Runs: billing, cuts and price changes that are planned, looked at, and then executed exactly so. Not for their rules."""
