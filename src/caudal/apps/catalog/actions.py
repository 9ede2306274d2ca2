"""What changes the catalog: companies, taxes, plans and products."""

from caudal.apps.catalog.numbers import take_number

__all__ = ["take_number"]
