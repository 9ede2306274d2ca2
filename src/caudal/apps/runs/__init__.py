"""Runs: creations, cuts and price changes that are planned, looked at and then executed exactly so.

Not for the rules: those are in billing, dunning and the catalog.
"""
