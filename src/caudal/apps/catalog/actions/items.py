"""Taxes, plans and products: added, changed, taken out of use."""

from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.db import transaction

from caudal.apps.catalog.checks import check_plan
from caudal.apps.catalog.errors import CatalogCode, CatalogError
from caudal.apps.catalog.models import Company, Plan, Product, Tax
from caudal.apps.clock import jobs
from caudal.apps.staff import journal
from caudal.apps.staff.actor import Actor
from caudal.core.errors import ErrorCode, RuleError
from caudal.core.money import minor_digits, round_half_up

Item = TypeVar("Item", Tax, Plan, Product, Company)
AMOUNTS = ("price", "unlock_value", "late_fee", "reconnection_fee")
"""Columns that hold money of the row's own currency."""


def create_tax(*, actor: Actor, now: datetime, **fields: Any) -> Tax:
    return write(Tax(), fields, actor=actor, now=now)


def edit_tax(*, actor: Actor, now: datetime, tax: Tax, **fields: Any) -> Tax:
    """Issued invoices keep the rate they were issued with."""
    return write(tax, fields, actor=actor, now=now)


def create_product(*, actor: Actor, now: datetime, **fields: Any) -> Product:
    return write(Product(), fields, actor=actor, now=now)


def edit_product(*, actor: Actor, now: datetime, product: Product, **fields: Any) -> Product:
    return write(product, fields, actor=actor, now=now)


def create_plan(*, actor: Actor, now: datetime, **fields: Any) -> Plan:
    """`fields` as the columns are called; speeds in kbit/s. Raises CatalogError."""
    return write(Plan(), fields, actor=actor, now=now)


def edit_plan(*, actor: Actor, now: datetime, plan: Plan, **fields: Any) -> Plan:
    """Change a plan for everybody who has it; the network room notices new speeds by itself.

    Services without a price of their own are invoiced the new one from the next invoice on.
    """
    if fields.get("technology", plan.technology) != plan.technology:
        raise CatalogError(CatalogCode.TECHNOLOGY_STAYS, "technology")
    with transaction.atomic():
        write(plan, fields, actor=actor, now=now)
        transaction.on_commit(jobs.wake)
    return plan


@transaction.atomic
def set_in_use(*, actor: Actor, now: datetime, row: Item, in_use: bool) -> Item:
    """Out of use: nobody new gets it, and whoever has it keeps it."""
    return write(row, {"is_active": in_use}, actor=actor, now=now)


@transaction.atomic
def write(row: Item, fields: dict[str, Any], *, actor: Actor, now: datetime) -> Item:
    """Set the fields, check what must hold, save, and leave what changed in the journal."""
    old = None if row.pk is None else type(row)._default_manager.get(pk=row.pk)
    before = None if old is None else journal.snapshot(old)
    for name, value in fields.items():
        setattr(row, name, value)
    _check(row)
    _check_scale(row, old)
    row.save()
    kind = row._meta.model_name
    journal.record(
        actor,
        f"{kind}.create" if old is None else f"{kind}.edit",
        row,
        now=now,
        before=before,
        after=journal.snapshot(row),
    )
    return row


def _check(row: Item) -> None:
    if isinstance(row, Plan):
        check_plan(row)
    if isinstance(row, Product) and row.price < 0:
        raise CatalogError(CatalogCode.PRICE_NEGATIVE, "price")


def _check_scale(row: Item, old: Item | None) -> None:
    """No new amount is finer than its currency; one that is there stays until it is changed."""
    if isinstance(row, Tax):
        return
    for name in AMOUNTS:
        amount = getattr(row, name, None)
        if amount is None or _is_as_before(row, old, name):
            continue
        digits = minor_digits(row.currency)
        if amount != round_half_up(Decimal(amount), digits):
            raise RuleError(ErrorCode.AMOUNT_TOO_FINE, field=name, amount=amount, digits=digits)


def _is_as_before(row: Item, old: Item | None, name: str) -> bool:
    same = [name, "currency"]
    return old is not None and all(getattr(row, each) == getattr(old, each) for each in same)
