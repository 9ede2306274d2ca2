"""Bank lines given to customers, ignored, and taken back; each line's money once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from hashlib import sha256

from django.db import transaction

from caudal.apps.billing.calendars import time_zone_of
from caudal.apps.billing.models import Invoice
from caudal.apps.customers.models import Customer
from caudal.apps.payments.actions import delete_payment, register_payment
from caudal.apps.payments.models import Payment
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record
from caudal.apps.treasury.models import Assignment, BankLine, MatchBatch
from caudal.core.civil import local_date, zone_named
from caudal.core.errors import RuleError
from caudal.core.matching import Proposal
from caudal.core.money import ZERO

GATEWAY = "bank"
"""`Payment.gateway` of what bank lines bring."""
NOON = time(12)
State = BankLine.State


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a line's money for one customer, on an invoice or on his account."""

    customer: Customer
    amount: Decimal
    invoice: Invoice | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """What a proposal was accepted for; empty where a person chose."""

    score: int | None = None
    reasons: tuple[tuple[str, str], ...] = ()
    batch: MatchBatch | None = None


@transaction.atomic
def assign(
    *, actor: Actor, now: datetime, line: BankLine, shares: Sequence[Share], why: Why | None = None
) -> list[Payment]:
    """Make the line's money payments: of one customer, or of several that share it.

    Raises RuleError "already-settled", "not-money-in", "parts-differ", "other-company", or what
    registering refuses; then nothing is written.
    """
    line = _open(line)
    total = sum((share.amount for share in shares), ZERO)
    if total != line.amount or any(share.amount <= 0 for share in shares):
        raise RuleError("parts-differ", sum=f"{total:.2f}", amount=f"{line.amount:.2f}")
    payments = [_pay(actor, now, line, share, why or Why()) for share in shares]
    _decide(line, State.MATCHED, actor, now)
    for payment in payments:
        _tell(actor, now, "treasury.match", line, payment.customer_id, str(payment))
    return payments


@transaction.atomic
def link_payment(
    *, actor: Actor, now: datetime, line: BankLine, payment: Payment, why: Why | None = None
) -> Assignment:
    """The line is a payment that was written down before: nothing is paid twice.

    Raises RuleError "already-settled" or "payment-does-not-fit".
    """
    why = why or Why()
    line = _open(line)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment.pk)
    is_taken = Assignment.objects.filter(payment=payment, undone_at=None).exists()
    currency = line.account.cash_box.account.currency
    fits = (payment.company_id, payment.amount, payment.currency) == (
        line.account.company_id, line.amount, currency,
    )  # fmt: skip
    if is_taken or payment.deleted_at is not None or not fits:
        raise RuleError("payment-does-not-fit", payment=str(payment))
    made = Assignment.objects.create(
        line=line, customer=payment.customer, amount=line.amount, payment=payment, is_link=True,
        score=why.score, reasons=list(why.reasons), batch=why.batch,
    )  # fmt: skip
    _decide(line, State.MATCHED, actor, now)
    _tell(actor, now, "treasury.link_payment", line, payment.customer_id, str(payment))
    return made


def accept(
    *, actor: Actor, now: datetime, line: BankLine, proposal: Proposal, batch: MatchBatch | None
) -> None:
    """Do what a proposal says. Raises RuleError."""
    reasons = tuple((str(clue), text) for clue, text in proposal.reasons)
    why = Why(proposal.score, reasons, batch)
    if proposal.payment is not None:
        payment = Payment.objects.get(pk=proposal.payment)
        link_payment(actor=actor, now=now, line=line, payment=payment, why=why)
        return
    customer = Customer.objects.select_related("company", "zone").get(pk=proposal.person)
    invoice = Invoice.objects.filter(pk=proposal.invoice).first() if proposal.invoice else None
    share = Share(customer, line.amount, invoice)
    assign(actor=actor, now=now, line=line, shares=[share], why=why)


@transaction.atomic
def ignore(*, actor: Actor, now: datetime, line: BankLine, reason: str) -> BankLine:
    """The money is no customer's: a transfer of our own, a gateway's settlement ..."""
    if not reason.strip():
        raise RuleError("reason-missing", field="reason")
    line = _open(line)
    line.reason = reason.strip()[:200]
    _decide(line, State.IGNORED, actor, now)
    record(actor, "treasury.ignore", line, now=now, note=reason)
    return line


@transaction.atomic
def reopen(*, actor: Actor, now: datetime, line: BankLine) -> BankLine:
    """Take the decision back: payments that the line made are reversed, linked ones stay."""
    line = BankLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
    if line.state not in (State.MATCHED, State.IGNORED):
        raise RuleError("not-matched")
    for made in line.assignments.filter(undone_at=None).select_related("payment__customer__zone"):
        _undo(made, actor, now)
    line.reason = ""
    _decide(line, State.OPEN, actor, now)
    record(actor, "treasury.reopen", line, now=now)
    return line


def fingerprint(pairs: Sequence[tuple[BankLine, Proposal]]) -> str:
    """What a preview showed, so that exactly this is accepted or nothing."""
    told = "|".join(
        f"{line.pk}:{line.amount}:{each.person}:{each.invoice}:{each.payment}"
        for line, each in pairs
    )
    return sha256(told.encode()).hexdigest()


@transaction.atomic
def accept_many(
    *,
    actor: Actor,
    now: datetime,
    pairs: Sequence[tuple[BankLine, Proposal]],
    lowest_score: int,
    seen: str,
) -> MatchBatch:
    """Accept proposals together, as one operation that can be undone.

    `seen` is the fingerprint of what the person saw. Raises RuleError "changed-meanwhile" and
    writes nothing where they are others by now.
    """
    if fingerprint(pairs) != seen:
        raise RuleError("changed-meanwhile")
    batch = MatchBatch.objects.create(
        created_at=now, created_by=actor.name, lowest_score=lowest_score
    )
    for line, proposal in sorted(pairs, key=lambda pair: pair[0].pk):
        accept(actor=actor, now=now, line=line, proposal=proposal, batch=batch)
    record(actor, "treasury.accept_many", batch, now=now, after={"lines": len(pairs)})
    return batch


@transaction.atomic
def undo_batch(*, actor: Actor, now: datetime, batch: MatchBatch) -> MatchBatch:
    """Take back everything that was accepted together and still stands."""
    batch = MatchBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.undone_at is not None:
        return batch
    lines = BankLine.objects.filter(assignments__batch=batch, assignments__undone_at=None)
    for line in lines.distinct().order_by("pk"):
        reopen(actor=actor, now=now, line=line)
    batch.undone_at = now
    batch.save(update_fields=["undone_at"])
    record(actor, "treasury.undo_batch", batch, now=now)
    return batch


def _open(line: BankLine) -> BankLine:
    rows = BankLine.objects.select_related("account__cash_box__account", "account__company")
    line = rows.select_for_update(of=("self",)).get(pk=line.pk)
    if line.amount <= 0:
        raise RuleError("not-money-in")
    if line.state != State.OPEN:
        raise RuleError("already-settled")
    return line


def _pay(actor: Actor, now: datetime, line: BankLine, share: Share, why: Why) -> Payment:
    account, customer = line.account, share.customer
    if customer.company_id != account.company_id:
        raise RuleError("other-company", customer=str(customer))
    made = Assignment.objects.create(
        line=line, customer=customer, invoice=share.invoice, amount=share.amount,
        score=why.score, reasons=list(why.reasons), batch=why.batch,
    )  # fmt: skip
    zone = zone_named(time_zone_of(customer.zone))
    made.payment = register_payment(
        actor=actor,
        now=now,
        customer=customer,
        amount=share.amount,
        currency=account.cash_box.account.currency,
        method=Payment.Method.TRANSFER,
        cash_box=account.cash_box,
        paid_at=min(datetime.combine(line.on, NOON, zone), now),
        invoice=share.invoice,
        reference=(line.reference or line.text)[:80],
        gateway=GATEWAY,
        external_id=f"line:{line.pk}:{made.pk}",
        restore=account.restores,
        operator=actor.user,
    )
    made.save(update_fields=["payment"])
    return made.payment


def _undo(made: Assignment, actor: Actor, now: datetime) -> None:
    payment = made.payment
    if payment is not None and not made.is_link and payment.deleted_at is None:
        today = local_date(now, zone_named(time_zone_of(payment.customer.zone)))
        reason = f"{made.line}"
        delete_payment(actor=actor, now=now, today=today, payment=payment, reason=reason)
    made.undone_at = now
    made.save(update_fields=["undone_at"])


def _decide(line: BankLine, state: str, actor: Actor, now: datetime) -> None:
    line.state, line.decided_at, line.decided_by = state, now, actor.name
    line.save(update_fields=["state", "reason", "decided_at", "decided_by"])


def _tell(
    actor: Actor, now: datetime, act: str, line: BankLine, customer_id: int, payment: str
) -> None:
    after = {"payment": payment, "amount": f"{line.amount:.2f}"}
    record(actor, act, line, now=now, customer_id=customer_id, after=after)
