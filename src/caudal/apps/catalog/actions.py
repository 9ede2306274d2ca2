"""What changes the catalog: companies, taxes, plans and products."""

from caudal.apps.catalog.numbers import take_number, take_numbers

__all__ = ["take_number", "take_numbers"]
