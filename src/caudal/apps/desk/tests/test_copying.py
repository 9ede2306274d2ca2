"""The file that the database writes holds the very cells that the other way gives."""

import csv
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from caudal.apps.customers import actions
from caudal.apps.customers.contacts import as_contacts
from caudal.apps.customers.models import Customer, CustomField, FieldChoice, Tag
from caudal.apps.desk.list import exports
from caudal.apps.desk.list.columns import ListColumn, every_column
from caudal.apps.desk.tests.many import TEST
from caudal.apps.ledger.models import Balance
from caudal.apps.network import actions as network
from caudal.apps.staff.models import User
from caudal.web.export import csv_lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def hard(people: list[Customer], now: datetime) -> list[Customer]:
    """Everything that may stand in a list, on four customers."""
    ana, ben, eva, leo = people
    data = {
        "name": "=SUM(A1;A2)", "nickname": "+52 55 1234", "notes": 'una "línea",\r\notra\tmás',
        "address": "-5 norte", "extra_1": "@casa", "extra_2": "-12.50", "medium": "fibre",
        "latitude": Decimal("-12.046374"), "longitude": Decimal("-77.042793"),
        "contract_signed": True, "may_be_cut": False, "person_kind": "legal",
        "contract_expires_on": now.date(),
    }  # fmt: skip
    contacts = as_contacts(["+525512345678", "+525587654321"], ["a@x.example", "b@x.example"])
    actions.edit_customer(actor=TEST, now=now, customer=ana, data=data, contacts=contacts)
    actions.set_payment_day(actor=TEST, now=now, customer=ana, payment_day=19)
    (served,) = ben.services.all()
    for reason in ("manual", "abuse"):
        actions.suspend(actor=TEST, now=now, today=now.date(), service=served, reason=reason)
    (ended,) = eva.services.all()
    network.release(actor=TEST, now=now, connection=ended.connection)
    actions.cancel(actor=TEST, now=now, service=ended, last_day=now.date(), reason="=se mudó")
    actions.add_service(
        actor=TEST, now=now, customer=eva, plan=ended.plan, price=Decimal("99.5"),
        started_on=now.date() + timedelta(days=1),
    )  # fmt: skip
    actions.cancel(actor=TEST, now=now, service=leo.services.get(), last_day=now.date(), reason="x")
    actions.archive(actor=TEST, now=now, customer=leo)
    for customer, amount, currency in ((ana, 300, "MXN"), (ana, -20, "USD"), (ben, 0, "MXN")):
        _balance(customer, amount, currency)
    _tag_and_fill(ana, ben, now)
    return people


def _balance(customer: Customer, amount: int, currency: str) -> None:
    Balance.objects.update_or_create(
        customer_id=customer.pk,
        company=customer.company,
        currency=currency,
        defaults={"amount": amount},
    )


def _tag_and_fill(ana: Customer, ben: Customer, now: datetime) -> None:
    ana.tags.set([Tag.objects.create(name="Vip"), Tag.objects.create(name="=árbol")])
    fields = {
        kind: CustomField.objects.create(code=kind, name=f"F {kind}", kind=kind)
        for kind in ("text", "number", "date", "yes_no", "choice", "choices")
    }
    for kind in ("choice", "choices"):
        for at, name in enumerate(("Zeta", "Alfa")):
            FieldChoice.objects.create(field=fields[kind], name=name, position=at)
    values: dict[CustomField, Any] = {
        fields["text"]: "=1+1", fields["number"]: Decimal("-5.5"), fields["date"]: now.date(),
        fields["yes_no"]: False, fields["choice"]: "Alfa", fields["choices"]: ["Zeta", "Alfa"],
    }  # fmt: skip
    actions.set_fields(actor=TEST, now=now, customer=ana, values=values)
    actions.set_fields(actor=TEST, now=now, customer=ben, values={fields["yes_no"]: True})


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("order", ["name", "-registered_on", "debt", "-zone__name"])
def test_both_ways_give_the_same_cells(
    hard: list[Customer], owner: User, language: str, order: str
) -> None:
    columns = every_column(owner)
    with translation.override(language):
        there = _parsed(b"".join(piece for _n, piece in _pieces((order,), columns)).decode())
        values = exports.values_of_list(Customer.objects.all(), (order,), columns)
        here = _parsed("".join(csv_lines(exports.header(columns), values)))
    assert there == here
    assert len(there) == 5


def test_a_filter_and_a_few_columns_give_them_too(
    hard: list[Customer], client_as: Callable[..., Client], owner: User
) -> None:
    client = client_as("owner")
    text = _drained(client, "?q=SUM&file_columns=shown&cols=name,state,tags,debt,phones")
    (row,) = _parsed(text)[1:]
    assert row[:3] == ["'=SUM(A1;A2)", "Activo", "'=árbol; Vip"]
    assert Decimal(row[3]) == 280
    assert row[4] == "'+525512345678; +525587654321"
    assert len(_parsed(_drained(client, "?q=nobody"))) == 1


def _pieces(order: tuple[str, ...], columns: tuple[ListColumn, ...]) -> list[tuple[int, bytes]]:
    return list(exports.csv_pieces(Customer.objects.all(), order, columns))


def _drained(client: Client, query: str) -> str:
    answer: Any = client.get(f"/customers/export.csv{query}")
    return b"".join(answer.streaming_content).decode()


def _parsed(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline="")))
