"""What a customer owed in the system before, carried over as one adjustment."""

from django.utils.translation import gettext as _

from caudal.apps.billing.actions import adjust
from caudal.apps.billing.adjustments import require_size
from caudal.apps.billing.models import Adjustment
from caudal.apps.customers.models import Customer
from caudal.apps.imports.records import Record
from caudal.apps.imports.taking import Taking


def open_balance(record: Record, customer: Customer, taking: Taking) -> Adjustment | None:
    """A debit note for what he owes, a credit note for what he has in his favour (IC-8, IC-9)."""
    if not record.debt or not taking.lookups.options.debts:
        return None
    return adjust(
        actor=taking.actor,
        now=taking.now,
        customer=customer,
        amount=record.debt,
        currency=customer.company.currency,
        on=taking.today,
        reason=_("Balance of the system before"),
    )


def check_balance(record: Record, currency: str, taking: Taking) -> None:
    """Raise RuleError where `open_balance` would."""
    if record.debt and taking.lookups.options.debts:
        require_size(record.debt, currency)
