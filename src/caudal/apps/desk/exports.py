"""The customers list as a file: the columns that the known systems export (WP-52), and more."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models import Invoice
from caudal.apps.customers.models import Contact, Customer, Service
from caudal.apps.desk.listing import AT_ONCE, price_of, rows_of
from caudal.apps.desk.listing import Row as ListedRow
from caudal.apps.documents.sheets import Amount, Column, Fact, Row, Sheet
from caudal.store.money import MoneyField
from caudal.web.money import format_money

HEADER = (
    _("Code"),
    _("Name"),
    _("Trade name or nickname"),
    _("Document"),
    _("Document number"),
    _("Phones"),
    _("E-mails"),
    _("Address"),
    _("Neighbourhood"),
    _("City"),
    _("State or province"),
    _("Postal code"),
    _("Zone"),
    _("Latitude"),
    _("Longitude"),
    _("State"),
    _("Plan"),
    _("Price"),
    _("Payment day"),
    _("Router"),
    _("User on the router"),
    _("IP address"),
    _("MAC address"),
    _("Balance"),
    _("Unpaid invoices"),
    _("Balance of unpaid invoices"),
    _("Is invoiced"),
    _("Company that invoices"),
    _("Invoice type"),
    _("Tax condition"),
    _("Tax number"),
    _("Payment method"),
    _("Electronic payment code"),
    _("Collector"),
    _("Registered"),
    _("Created"),
    _("Changed"),
    _("Notes"),
)


MOST_PRINTED = 1_000
"""Rows of a printed list: longer ones are for spreadsheets."""

PRINTED = {"code": 0, "description": 1, "phones": 5, "address": 7, "zone": 12, "plan": 16,
           "state": 15, "balance": 23}  # fmt: skip
"""Column of the printed list -> its place among the values of `export_rows`."""


def list_sheet(customers: QuerySet[Customer], currency: str, today: date) -> Sheet:
    """The list on paper (IC-28): who, where, what, and what he owes."""
    rows = []
    for values in islice(export_rows(customers), MOST_PRINTED + 1):
        cells = {key: str(values[at] or "") for key, at in PRINTED.items()}
        rows.append(Row(cells | {"balance": format_money(values[PRINTED["balance"]], currency)}))
    is_cut_short = len(rows) > MOST_PRINTED
    rows = rows[:MOST_PRINTED]
    return Sheet(
        title=gettext("Customers"),
        facts=[Fact(gettext("Date"), date_format(today, "SHORT_DATE_FORMAT"))],
        columns=[
            Column(key, str(HEADER[at]), is_number=key == "balance") for key, at in PRINTED.items()
        ],
        rows=rows,
        totals=[Amount(gettext("Customers"), str(len(rows)), strong=True)],
        notes=[gettext("There are more: narrow the list, or export it.")] if is_cut_short else [],
    )


def export_rows(customers: QuerySet[Customer]) -> Iterator[list[Any]]:
    """One list of values per customer, under HEADER; read some hundreds at a time."""
    whole = customers.select_related("zone", "company", "collector").defer(None)
    found = whole.defer("antenna_password", "search_text").iterator(chunk_size=AT_ONCE)
    while part := list(islice(found, AT_ONCE)):
        yield from _lines(part)


def _lines(customers: list[Customer]) -> Iterator[list[Any]]:
    keys = [customer.pk for customer in customers]
    contacts, unpaid = _contacts(keys), _unpaid(keys)
    for row in rows_of(customers):
        key = row.customer.pk
        yield [
            *_person(row.customer, contacts[key]),
            *_service(row),
            sum((each.amount for each in row.balances), Decimal(0)),
            *unpaid.get(key, (0, Decimal(0))),
            *_billing(row.customer),
        ]


def _person(customer: Customer, contacts: dict[str, list[str]]) -> Iterable[Any]:
    return (
        customer.code,
        customer.name,
        customer.nickname,
        customer.document_type,
        customer.document_number,
        "; ".join(contacts.get(Contact.Kind.PHONE, [])),
        "; ".join(contacts.get(Contact.Kind.EMAIL, [])),
        customer.address,
        customer.neighbourhood,
        customer.city,
        customer.state,
        customer.postal_code,
        customer.zone.name,
        customer.latitude,
        customer.longitude,
    )


def _service(row: ListedRow[Service]) -> Iterable[Any]:
    service, held = row.service, row.connection
    return (
        row.state_label,
        service.plan.name if service else "",
        price_of(service) if service else None,
        row.payment_day,
        held.router.name if held else "",
        held.username if held else "",
        held.address if held and held.released_at is None else "",
        held.mac if held else "",
    )


def _billing(customer: Customer) -> Iterable[Any]:
    return (
        str(_("Yes") if customer.is_invoiced else _("No")),
        customer.company.name,
        customer.invoice_type,
        customer.tax_condition,
        customer.tax_number,
        customer.payment_method,
        customer.electronic_payment_code,
        customer.collector.name if customer.collector else "",
        customer.registered_on,
        customer.created_at,
        customer.updated_at,
        customer.notes,
    )


def _contacts(keys: list[int]) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = Contact.objects.filter(customer__in=keys).order_by("id")
    for key, kind, value in rows.values_list("customer_id", "kind", "value"):
        found[key][kind].append(value)
    return found


def _unpaid(keys: list[int]) -> dict[int, tuple[int, Decimal]]:
    """Customer -> how many invoices he has not paid whole, and what they still ask for."""
    rows = Invoice.objects.filter(customer__in=keys, state__in=("open", "partial"))
    sums = (
        rows.order_by()
        .values("customer")
        .annotate(many=Count("id"), rest=Sum("remaining", output_field=MoneyField()))
    )
    return {each["customer"]: (each["many"], each["rest"] or Decimal(0)) for each in sums}
