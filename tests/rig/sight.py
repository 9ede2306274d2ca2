"""Two customers with a row in every table that leads to one, each full of telling words."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from caudal.apps.billing.actions import ManualLine
from caudal.apps.customers.models import Contact, Customer, Service, Zone
from caudal.apps.messaging.models import Delivery
from caudal.apps.network import actions as network
from caudal.apps.network.models import Connection, Pool, Router
from caudal.apps.payments.tests.till import Till
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import Branch, JournalEntry, User
from caudal.core.errors import RuleError

FOREIGN, OWN, COMMON = "Zutanejo", "Fulanita", "Comun"
FOREIGN_PHONE, FOREIGN_NETWORK = "+525587654321", "10.66.77."
TELLING = (FOREIGN.lower(), FOREIGN_PHONE[3:], FOREIGN_NETWORK)
"""What no page may hold for whoever does not see the foreign customer."""
FOREIGN_PK, OWN_PK = 9001, 8001
"""The number of the first row of each of them, in every table."""
TEST = Actor.system("test")
NOON = datetime(2026, 7, 5, 18, 0, tzinfo=UTC)
SOUND = {
    "network.pool.network": "10.0.0.0/8",
    "network.pool.reserved": "",
    "network.pool.gateway": "",
    "network.addressblock.network": "10.0.0.0/8",
    "network.addressblock.reserved": "",
    "network.addressblock.gateway": "",
    "treasury.gateway.kind": "signed",
    "treasury.gateway.secrets": "{}",
    "treasury.gateway.slug": "comun",
    "billing.customerproduct.billed": 1,
    "billing.discount.used": 1,
    "treasury.paymentlink.url": "https://pay.example/x",
    "imports.importrow.cells": "{}",
    "documents.templateversion.number": 9,
}
"""What columns hold that are read as more than words."""
LEFT_OUT = {"billing.daycorrection"}
"""Tables whose rows lead from one invoice to another: one that led to itself cannot be."""
ONLY = {
    "monitoring.cover": ("outage", "customer"),
    "customers.calendarchange": ("customer",),
    "monitoring.creditproposal": ("outage", "customer", "service"),
}
"""Of tables whose rows are about one of several things, what theirs are about."""
Model = type[models.Model]
_serial = count(1)


class Town:
    """One provider; every table has a row of its own, or one of each of its two customers."""

    def __init__(self, staff: User) -> None:
        self.till = Till()
        self.router = Router.objects.create(name="RB", driver="memory", host="192.0.2.1")
        self.router.zones.add(self.till.zone)
        Pool.objects.create(router=self.router, name="Todos", network="10.0.0.0/8")
        self.common: dict[str, models.Model] = {}
        for row in (staff, staff.role, self.till.company, self.till.zone, self.till.plan,
                    self.till.box, self.router):  # fmt: skip
            self.common[row._meta.label_lower] = row
        self.fill(COMMON, self.common, [each for each in ours() if each not in of_customers()])
        self.north, south = (Branch.objects.create(name=name) for name in ("Norte", "Sur"))
        away = self.till.create_zone("Lejos", payment_day=5, branch=south)
        Zone.objects.filter(pk=self.till.zone.pk).update(branch=self.north)
        self.router.zones.add(away)
        self.own = self.settle(OWN, OWN_PK, "+525512345678", "10.55.44.")
        self.till.zone = away
        self.foreign = self.settle(FOREIGN, FOREIGN_PK, FOREIGN_PHONE, FOREIGN_NETWORK)

    def settle(self, word: str, first: int, phone: str, network_part: str) -> Customer:
        """A customer who is served, billed and pays, and a row in every other table of his."""
        number_from(first)
        customer = self.till.customer(
            name=f"{word} Uno", address=f"Calle {word}", nickname=word, search_text=word.lower()
        )
        Contact.objects.create(customer=customer, kind=Contact.Kind.PHONE, value=phone)
        service = Service.objects.get(customer=customer)
        network.connect(actor=TEST, now=NOON, service=service, router=self.router,
                        technology="pppoe", username=word.lower(),
                        address=f"{network_part}8")  # fmt: skip
        lines = [ManualLine(word, Decimal(300))]
        invoice = self.till.issue(customer, date(2026, 6, 1), kind="free", lines=lines)
        payment = self.till.pay(customer, "20.00", date(2026, 7, 2), invoice=invoice)
        _mixed, cheque = self.till.mixed(customer, date(2026, 7, 3))
        self.till.give_back(customer, "5.00", date(2026, 7, 4))
        rows = {**self.common, "payments.payment": payment, "billing.invoice": invoice}
        rows |= {"payments.cheque": cheque, "ledger.transaction": payment.transaction}
        for model in (Customer, Service, Connection):
            rows[model._meta.label_lower] = model._default_manager.get(pk=first)
        self.fill(word, rows, of_customers())
        return customer

    def fill(self, word: str, rows: dict[str, models.Model], tables: list[Model]) -> None:
        """A row of each table; what needs a row of another is tried again after it."""
        for _round in range(3):
            for model in tables:
                if model._meta.label_lower not in rows.keys() | LEFT_OUT:
                    _add(model, word, rows)


def ours() -> list[Model]:
    return [model for model in apps.get_models() if model.__module__.startswith("caudal.")]


def of_customers() -> list[Model]:
    """The tables whose rows are one customer's, by a column or by a row that is."""
    found: list[Model] = [Customer, Delivery, JournalEntry]
    for _round in range(4):
        for model in ours():
            if model not in found and any(to in found for to in _related(model)):
                found.append(model)
    return found


def lacking(first: int) -> list[str]:
    """Tables of customers that have no row of theirs from that number on."""
    theirs = range(first, first + 900)
    return [
        model._meta.label_lower
        for model in of_customers()
        if not model._default_manager.filter(pk__in=theirs).exists()
    ]


def _related(model: Model) -> Iterator[Model]:
    for field in model._meta.concrete_fields:
        if field.is_relation:
            yield field.related_model


def number_from(first: int) -> None:
    """The next row of every table gets this number."""
    with connection.cursor() as cursor:
        for model in ours():
            table, key = model._meta.db_table, model._meta.pk.column
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)",
                               [table, first - 1])  # fmt: skip
            else:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s, false)",
                               [f'"{table}"', key, first])  # fmt: skip


def _add(model: Model, word: str, rows: dict[str, models.Model]) -> None:
    """A row of this table, where its constraints and guards let one be made this way."""
    values = {
        field.name: _value(field, word, rows)
        for field in model._meta.concrete_fields
        if not field.primary_key
    }
    row = model(**{name: value for name, value in values.items() if value is not ...})
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except (IntegrityError, RuleError, ValueError, TypeError):
        return
    rows[model._meta.label_lower] = row


def _value(field: Any, word: str, rows: dict[str, models.Model]) -> Any:
    if field.is_relation:
        return _pointed(field, rows)
    if field.name == "customer_id":
        return rows["customers.customer"].pk if "customers.customer" in rows else None
    if (known := SOUND.get(f"{field.model._meta.label_lower}.{field.name}")) is not None:
        return known
    if field.choices:
        return field.get_default() if field.has_default() else field.choices[0][0]
    if isinstance(field, models.FileField):
        return ...
    if isinstance(field, models.CharField | models.TextField):
        return f"{word} {next(_serial)}"[: field.max_length or 200]
    return _plain(field)


def _pointed(field: Any, rows: dict[str, models.Model]) -> Any:
    """The row it points to; none where it is about something else, or about a row like itself."""
    known = rows.get(field.related_model._meta.label_lower)
    asked = field.name in ONLY.get(field.model._meta.label_lower, (field.name,))
    if known is None or not asked or field.name in ("undoes", "reverses", "merged_into"):
        return None if field.null else ...
    return known


def _plain(field: Any) -> Any:
    if field.has_default():
        return ...
    if field.name in ("number", "position", "line"):
        return next(_serial)
    made: dict[type, Any] = {
        models.DateTimeField: NOON + timedelta(minutes=next(_serial)),
        models.DateField: date(2026, 7, 5),
        models.UUIDField: uuid4(),
        models.DecimalField: Decimal(1),
    }
    for kind, value in made.items():
        if isinstance(field, kind):
            return value
    return None if field.null else 1
