"""What the treasury knows: what may be asked for outside, and money that waits for an owner."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from caudal.apps.billing.models import Invoice
from caudal.apps.customers.models import Customer
from caudal.apps.treasury.models import Assignment, BankLine, GatewayPayment, ReportedPayment
from caudal.core.money import ZERO
from caudal.core.ports.gateway import PaymentStatus
from caudal.store.money import total


def payable(customer: Customer) -> QuerySet[Invoice]:
    """The invoices that gateways and collection files may ask for: unpaid service invoices of his
    company, none of a gratis customer (GEN-5, EXM-1)."""
    found = Invoice.objects.unpaid().service()
    if not customer.is_invoiced:
        return found.none()
    company = customer.company
    return found.filter(customer=customer, company=company, currency=company.currency)


def offered(customer: Customer) -> Decimal:
    """How much a gateway may ask the customer for, in his company's currency."""
    found: Decimal = payable(customer).aggregate(sum=total("remaining"))["sum"]
    return found or ZERO


def gateway_money_waiting() -> QuerySet[GatewayPayment]:
    """Approved at the gateway and nobody's here; also where the payment was deleted by hand."""
    approved = Q(status=PaymentStatus.APPROVED)
    deleted = Q(payment__deleted_at__isnull=False, settled_by="")
    waiting = ~Q(unmatched="") | (approved & deleted)
    return GatewayPayment.objects.filter(waiting)


def bank_money_waiting() -> QuerySet[BankLine]:
    """Money that came in and is nobody's yet, or no longer: its payment was deleted by hand."""
    lost = Assignment.objects.filter(
        line=OuterRef("pk"), undone_at=None, payment__deleted_at__isnull=False
    )
    is_open = Q(state=BankLine.State.OPEN)
    return BankLine.objects.filter(is_open | Q(Exists(lost), state=BankLine.State.MATCHED))


def reports_waiting() -> QuerySet[ReportedPayment]:
    """Payments that customers told of and nobody has judged."""
    return ReportedPayment.objects.filter(state=ReportedPayment.State.WAITING)


def sums(rows: Iterable[tuple[str, Decimal]]) -> list[tuple[str, Decimal]]:
    """(currency, amount) of each row -> one sum per currency, in order of currency."""
    found: dict[str, Decimal] = {}
    for currency, amount in rows:
        found[currency] = found.get(currency, ZERO) + amount
    return sorted(found.items())
