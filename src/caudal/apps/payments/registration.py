"""Taking money once: the payment, what it settles, the days it moves, the service it restores."""

from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from django.db import IntegrityError, transaction

from caudal.apps.billing.actions import lock_customers, open_credit, settle
from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.models import Application, Credit, Invoice
from caudal.apps.catalog.actions import take_number
from caudal.apps.catalog.models import Series
from caudal.apps.customers.models import Customer
from caudal.apps.dunning.actions import restore_paid
from caudal.apps.ledger.actions import RECEIVABLE, account_for, post
from caudal.apps.ledger.models import Transaction
from caudal.apps.payments.models import CashBox, Payment
from caudal.apps.payments.notices import leave_receipt
from caudal.apps.payments.recharge import move_calendar
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.apps.staff.models import User
from caudal.core.civil import local_date, zone_named
from caudal.core.errors import RuleError
from caudal.core.money import minor_digits, require_positive, require_scale


def register_payment(
    *,
    actor: Actor,
    now: datetime,
    customer: Customer,
    amount: Decimal,
    currency: str,
    method: str,
    cash_box: CashBox,
    paid_at: datetime,
    invoice: Invoice | None = None,
    reference: str = "",
    comment: str = "",
    gateway: str = "",
    external_id: str = "",
    restore: bool,
    operator: User | None,
) -> Payment:
    """Money received, on an invoice or on the account (PAY-1); what is over waits as credit.

    The same (gateway, external_id) is one payment for ever, whoever asks and however often: the
    second call returns the first payment (PAY-6). `restore` lifts suspensions for non-payment that
    the rules no longer ask for. Raises RuleError for amounts that are not money, "paid-in-future",
    "cash-box-not-usable", "invoice-of-another-customer", or "external-id-taken" when that payment
    was of another customer or amount.
    """
    known = _known(gateway, external_id, customer, amount)
    if known is not None:
        return known
    _require_sane(customer, amount, currency, cash_box, paid_at, now, invoice)
    try:
        with transaction.atomic():
            lock_customers([customer.pk])
            known = _known(gateway, external_id, customer, amount)
            if known is not None:
                return known
            payment = _write(
                Payment(
                    customer=customer,
                    company=cash_box.company,
                    amount=amount,
                    currency=currency,
                    method=method,
                    cash_box=cash_box,
                    paid_at=paid_at,
                    registered_at=now,
                    operator=operator,
                    on_invoice=invoice,
                    reference=reference,
                    comment=comment,
                    gateway=gateway,
                    external_id=external_id,
                ),
                now,
                actor,
            )
            if restore:
                restore_paid(
                    customer=customer,
                    today=_civil(customer, now),
                    now=now,
                    actor=actor,
                    note=f"{payment}",
                )
            return payment
    except IntegrityError:
        # Another customer's lock let the same external id through at the same instant.
        known = _known(gateway, external_id, customer, amount)
        if known is None:
            raise
        return known


def _write(payment: Payment, now: datetime, actor: Actor) -> Payment:
    customer = payment.customer
    on = _civil(customer, payment.paid_at)
    payment.prefix, payment.number = take_number(payment.company, Series.Kind.RECEIPT)
    payment.credit = open_credit(
        customer_id=customer.pk,
        company_id=payment.company_id,
        currency=payment.currency,
        origin=Credit.Origin.PAYMENT,
        on=on,
        amount=payment.amount,
    )
    payment.transaction_id = uuid4()
    payment.save(force_insert=True)
    receivable = account_for(payment.company, *RECEIVABLE, payment.currency)
    post(
        id=payment.transaction_id,
        company=payment.company,
        currency=payment.currency,
        kind=Transaction.Kind.PAYMENT,
        on=on,
        now=now,
        actor=actor,
        legs=[
            (payment.cash_box.account, None, payment.amount),
            (receivable, customer, -payment.amount),
        ],
        memo=str(payment),
        document=f"payment:{payment.pk}",
    )
    applications = settle(payment.credit, now=now, first=payment.on_invoice)
    if _pays_service(applications):
        move_calendar(payment, on)
    leave_receipt(payment, on, now)
    record(
        actor,
        "payments.register",
        payment,
        now=now,
        customer_id=customer.pk,
        after={"amount": f"{payment.amount:f}", "method": payment.method},
    )
    return payment


def _pays_service(applications: list[Application]) -> bool:
    """Money for free invoices alone is not a service payment (RCH-1); money ahead is one."""
    return not applications or any(row.invoice.kind == Invoice.Kind.SERVICE for row in applications)


def _known(gateway: str, external_id: str, customer: Customer, amount: Decimal) -> Payment | None:
    if not external_id:
        return None
    known = Payment.objects.filter(gateway=gateway, external_id=external_id).first()
    if known is not None and (known.customer_id, known.amount) != (customer.pk, amount):
        raise RuleError("external-id-taken", payment=str(known))
    return known


def _require_sane(
    customer: Customer,
    amount: Decimal,
    currency: str,
    cash_box: CashBox,
    paid_at: datetime,
    now: datetime,
    invoice: Invoice | None,
) -> None:
    require_positive(require_scale(amount, minor_digits(currency)))
    company_id = customer.company_id if invoice is None else invoice.company_id
    if paid_at > now:
        raise RuleError("paid-in-future", field="paid_at")
    usable = cash_box.is_active and cash_box.account.currency == currency
    if not usable or cash_box.company_id != company_id:
        raise RuleError("cash-box-not-usable", field="cash_box", cash_box=str(cash_box))
    if invoice is not None and (invoice.customer_id != customer.pk or invoice.currency != currency):
        raise RuleError("invoice-of-another-customer", number=invoice.label)


def _civil(customer: Customer, instant: datetime) -> date:
    """CAL-5: the day it is in the customer's zone."""
    return local_date(instant, zone_named(time_zone_of(customer.zone)))
