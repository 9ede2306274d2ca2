"""Payments that customers report: kept once, then approved into a payment or rejected with why."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import uuid4

from django.core import signing
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.customers.models import Customer
from caudal.apps.payments.actions import register_payment
from caudal.apps.payments.models import CashBox, Payment
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.apps.treasury.models import ReportedPayment
from caudal.apps.treasury.notices import leave_rejection
from caudal.apps.treasury.proofs import kind_of
from caudal.core.civil import local_date, zone_named
from caudal.core.errors import RuleError
from caudal.core.money import minor_digits, require_positive, require_scale
from caudal.core.text import fold

GATEWAY = "reported"
"""`Payment.gateway` of what reports bring."""
SALT = "treasury.report"
LASTS = timedelta(days=180)
"""How long a customer may use the address that he was given."""
NOON = time(12)
NEAR = timedelta(days=10)
State = ReportedPayment.State


def report_token(customer: Customer) -> str:
    """The signed part of the address at which this customer reports payments."""
    return signing.dumps(customer.pk, salt=SALT)


def customer_of(token: str) -> Customer | None:
    """Whose address it is; None where it is forged or too old."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    return Customer.objects.filter(pk=pk, archived_at=None).first()


@transaction.atomic
def report_payment(
    *,
    actor: Actor,
    now: datetime,
    customer: Customer,
    key: str,
    amount: Decimal,
    paid_on: date,
    method: str,
    reference: str = "",
    note: str = "",
    proof: bytes = b"",
) -> ReportedPayment:
    """What the customer says he paid. The same `key` is one report, however often it is sent.

    Raises RuleError for amounts that are not money, "paid-in-future", "external-id-taken" when the
    report of that key was another customer's or of another amount, or what `kind_of` refuses.
    """
    known = ReportedPayment.objects.filter(key=key[:40]).first()
    if known is not None:
        return _require_same(known, customer, amount)
    currency = customer.company.currency
    require_positive(require_scale(amount, minor_digits(currency)))
    if paid_on > local_date(now, zone_named(time_zone_of(customer.zone))):
        raise RuleError("paid-in-future", field="paid_on")
    kind, ending = kind_of(proof) if proof else ("", "")
    row = ReportedPayment(
        customer=customer,
        key=key[:40],
        amount=amount,
        currency=currency,
        paid_on=paid_on,
        method=method,
        reference=reference[:80],
        note=note[:250],
        proof_type=kind,
        created_at=now,
        reported_by=actor.name,
    )
    if proof:
        row.proof.save(f"{uuid4().hex}{ending}", ContentFile(proof), save=False)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the same form, sent twice at one instant
        known = ReportedPayment.objects.get(key=row.key)
        return _require_same(known, customer, amount)
    after = {"amount": f"{amount:.2f}", "reference": reference}
    record(actor, "treasury.report", row, now=now, customer_id=customer.pk, after=after)
    return row


@transaction.atomic
def approve_report(
    *, actor: Actor, now: datetime, report: ReportedPayment, cash_box: CashBox, restore: bool
) -> Payment:
    """It is a payment from now on. Raises RuleError "already-decided" or registering's refusals."""
    report = _waiting(report)
    customer = report.customer
    zone = zone_named(time_zone_of(customer.zone))
    payment = register_payment(
        actor=actor,
        now=now,
        customer=customer,
        amount=report.amount,
        currency=report.currency,
        method=report.method,
        cash_box=cash_box,
        paid_at=min(datetime.combine(report.paid_on, NOON, zone), now),
        reference=report.reference,
        comment=report.note,
        gateway=GATEWAY,
        external_id=f"report:{report.pk}",
        restore=restore,
        operator=actor.user,
    )
    report.payment = payment
    _decide(report, State.APPROVED, actor, now)
    after = {"payment": str(payment)}
    record(actor, "treasury.approve_report", report, now=now, customer_id=customer.pk, after=after)
    return payment


@transaction.atomic
def reject_report(
    *, actor: Actor, now: datetime, report: ReportedPayment, reason: str
) -> ReportedPayment:
    """The money is not there; the customer is told why. Raises RuleError."""
    if not reason.strip():
        raise RuleError("reason-missing", field="reason")
    report = _waiting(report)
    report.reason = reason.strip()[:200]
    _decide(report, State.REJECTED, actor, now)
    leave_rejection(report, now)
    customer_id = report.customer_id
    record(actor, "treasury.reject_report", report, now=now, customer_id=customer_id, note=reason)
    return report


def _require_same(known: ReportedPayment, customer: Customer, amount: Decimal) -> ReportedPayment:
    if (known.customer_id, known.amount) != (customer.pk, amount):
        raise RuleError("external-id-taken", payment=known.key)
    return known


def twins_of(report: ReportedPayment) -> "QuerySet[Payment]":
    """Payments that may be the same money: of its reference, or of the customer, the amount and
    about the day."""
    same = Q(
        customer=report.customer_id,
        amount=report.amount,
        paid_at__date__gte=report.paid_on - NEAR,
        paid_at__date__lte=report.paid_on + NEAR,
    )
    if len(fold(report.reference)) >= 4:
        same |= Q(reference__iexact=report.reference.strip(), amount=report.amount)
    live = Payment.objects.filter(same, deleted_at=None).select_related("customer")
    return live if report.payment_id is None else live.exclude(pk=report.payment_id)


def other_reports_of(report: ReportedPayment) -> "QuerySet[ReportedPayment]":
    """Other reports of the same amount by this customer, or with this reference."""
    same = Q(customer=report.customer_id, paid_on=report.paid_on)
    if len(fold(report.reference)) >= 4:
        same |= Q(reference__iexact=report.reference.strip())
    rows = ReportedPayment.objects.filter(same, amount=report.amount).exclude(pk=report.pk)
    return rows.exclude(state=State.REJECTED)


def _waiting(report: ReportedPayment) -> ReportedPayment:
    rows = ReportedPayment.objects.select_related("customer__company", "customer__zone")
    report = rows.select_for_update(of=("self",)).get(pk=report.pk)
    if report.state != State.WAITING:
        raise RuleError("already-decided")
    return report


def _decide(report: ReportedPayment, state: str, actor: Actor, now: datetime) -> None:
    report.state, report.decided_at, report.decided_by = state, now, actor.name
    report.save(update_fields=["state", "decided_at", "decided_by", "reason", "payment"])
