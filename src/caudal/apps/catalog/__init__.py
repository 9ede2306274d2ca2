"""Catalog: issuing companies, taxes, plans and products. Not for what a customer bought."""
