"""What a customer owed in the system before, carried over as one adjustment."""

from typing import TYPE_CHECKING

from caudal.apps.customers.models import Customer
from caudal.apps.imports.records import Record

if TYPE_CHECKING:
    from caudal.apps.imports.take import Taking


def open_balance(record: Record, customer: Customer, taking: "Taking") -> None:
    """Not yet."""
