"""Taking money once: the payment, what it settles, the days it moves, the service it restores."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from django.db import IntegrityError, transaction

from caudal.apps.billing.actions import lock_customers, open_credit, settle
from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.models import Application, Credit, Invoice
from caudal.apps.catalog.actions import take_number
from caudal.apps.catalog.models import Company, Series
from caudal.apps.customers.models import Customer
from caudal.apps.dunning.actions import keep_suspended, restore_paid
from caudal.apps.ledger.actions import RECEIVABLE, account_for, post
from caudal.apps.ledger.models import Transaction
from caudal.apps.payments.models import CashBox, Movement, Payment
from caudal.apps.payments.notices import leave_receipt
from caudal.apps.payments.parts import Part, method_of, placed, sum_of, write_parts
from caudal.apps.payments.recharge import move_calendar
from caudal.apps.payments.tills import Move, Tills
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.apps.staff.models import User
from caudal.core.civil import local_date, require_near, zone_named
from caudal.core.errors import RuleError
from caudal.core.money import minor_digits, require_positive, require_scale, written


def register_payment(
    *,
    actor: Actor,
    now: datetime,
    customer: Customer,
    amount: Decimal,
    currency: str,
    paid_at: datetime,
    restore: bool,
    operator: User | None,
    method: str = "",
    cash_box: CashBox | None = None,
    parts: Sequence[Part] = (),
    invoice: Invoice | None = None,
    invoices: Sequence[Invoice] = (),
    reference: str = "",
    comment: str = "",
    gateway: str = "",
    external_id: str = "",
) -> Payment:
    """Money received, on invoices or on the account (PAY-1); what is over waits as credit.

    It comes by one `method` into one `cash_box`, or in `parts`. It is meant for one `invoice` or
    for several `invoices`, of which the oldest comes first. The same (gateway, external_id) is one
    payment for ever, whoever asks and however often: the second call returns the first payment
    (PAY-6). `restore` lifts suspensions for non-payment that the rules no longer ask for.
    Raises RuleError for amounts that are not money, "parts-do-not-add-up", "paid-in-future",
    "date-too-far", "cash-box-not-usable", "invoice-of-another-customer",
    "invoices-of-two-companies", those of `Tills` and `placed`, or "external-id-taken" when that
    payment was of another customer or amount.
    """
    known = _known(gateway, external_id, customer, amount)
    if known is not None:
        return known
    meant = ([] if invoice is None else [invoice]) + list(invoices)
    company = _company(customer, currency, meant)
    whole = [Part(method, amount, cash_box, reference)]
    asked = _checked(parts or whole, amount, currency, company, paid_at, now)
    try:
        with transaction.atomic():
            lock_customers([customer.pk])
            known = _known(gateway, external_id, customer, amount)
            if known is not None:
                return known
            payment = Payment(
                customer=customer,
                company=company,
                amount=amount,
                currency=currency,
                method=method_of(asked),
                cash_box=asked[0].box,
                paid_at=paid_at,
                registered_at=now,
                operator=operator,
                on_invoice=meant[0] if len(meant) == 1 else None,
                reference=reference or asked[0].reference,
                comment=comment,
                gateway=gateway,
                external_id=external_id,
            )
            _write(payment, asked, meant, now, actor)
            _restore_or_keep(payment, restore, now, actor)
            return payment
    except IntegrityError:
        # Another customer's lock let the same external id through at the same instant.
        known = _known(gateway, external_id, customer, amount)
        if known is None:
            raise
        return known


def _write(
    payment: Payment, parts: Sequence[Part], meant: list[Invoice], now: datetime, actor: Actor
) -> None:
    customer = payment.customer
    on = _civil(customer, payment.paid_at)
    tills = Tills.of([part.box for part in parts], payment.operator)
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
    write_parts(payment, parts, on=on, now=now, actor=actor)
    _book(payment, parts, tills, on, now, actor)
    applications = settle(payment.credit, now=now, chosen=meant)
    if _pays_service(applications):
        move_calendar(payment, on)
    leave_receipt(payment, on, now)
    record(
        actor,
        "payments.register",
        payment,
        now=now,
        customer_id=customer.pk,
        after={"amount": written(payment.amount, payment.currency), "method": payment.method},
    )


def _restore_or_keep(payment: Payment, restore: bool, now: datetime, actor: Actor) -> None:
    customer, today = payment.customer, _civil(payment.customer, now)
    if restore:
        restore_paid(customer=customer, today=today, now=now, actor=actor, note=f"{payment}")
    else:
        keep_suspended(customer=customer, today=today, now=now, actor=actor)


def _book(
    payment: Payment,
    parts: Sequence[Part],
    tills: Tills,
    on: date,
    now: datetime,
    actor: Actor,
) -> None:
    """Each part debits the account of its own box."""
    receivable = account_for(payment.company, *RECEIVABLE, payment.currency)
    booked = post(
        id=payment.transaction_id,
        company=payment.company,
        currency=payment.currency,
        kind=Transaction.Kind.PAYMENT,
        on=on,
        now=now,
        actor=actor,
        legs=[
            *((part.box.account, None, part.amount) for part in parts),
            (receivable, payment.customer, -payment.amount),
        ],
        memo=str(payment),
        document=f"payment:{payment.pk}",
    )
    moves = [Move(part.box, part.method, part.amount, Movement.Kind.PAYMENT) for part in parts]
    tills.note(booked, moves, now=now, payment=payment, note=str(payment.customer))


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


def _company(customer: Customer, currency: str, meant: Sequence[Invoice]) -> Company:
    """Who gets the money: the issuer of the invoices, else the customer's company."""
    for invoice in meant:
        if invoice.customer_id != customer.pk or invoice.currency != currency:
            raise RuleError("invoice-of-another-customer", number=invoice.label)
    if len({invoice.company_id for invoice in meant}) > 1:
        raise RuleError("invoices-of-two-companies", field="invoices")
    return meant[0].company if meant else customer.company


def _checked(
    parts: Sequence[Part],
    amount: Decimal,
    currency: str,
    company: Company,
    paid_at: datetime,
    now: datetime,
) -> list[Part]:
    require_positive(require_scale(amount, minor_digits(currency)))
    if paid_at > now:
        raise RuleError("paid-in-future", field="paid_at")
    require_near(now.date(), paid_at.date())
    asked = placed(parts, company, currency)
    if sum_of(asked) != amount:
        raise RuleError("parts-do-not-add-up", field="amount")
    return asked


def _civil(customer: Customer, instant: datetime) -> date:
    """CAL-5: the day it is in the customer's zone."""
    return local_date(instant, zone_named(time_zone_of(customer.zone)))
