"""The columns that a person may choose for the customers list, on the screen and in files.

Each says what it reads (columns of the customer, and parts that rooms give), how a cell is drawn
(in the quick engine's words, with `row`, `customer` and `words`) and what a file holds.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import BooleanField, DateField, DateTimeField
from django.http import QueryDict
from django.template import engines
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Customer, CustomField
from caudal.apps.desk.list.custom import PREFIX, cell_of, filed, is_custom
from caudal.apps.desk.list.order import keys_of, sorting_in
from caudal.apps.desk.list.rows import Listed
from caudal.apps.desk.list.words import Words
from caudal.apps.staff.models import User
from caudal.web.table import Column, Sorting

Read = Callable[[Listed, Words], object]
Text = str | Promise

LIST = "customers"
"""What a person's choice of columns is kept under."""
DEFAULT = (
    "code", "name", "zone", "plan", "access", "state", "debt", "payment_day", "sync", "registered",
)  # fmt: skip
LABELLED = frozenset(("payment_day",))
"""Cells of the usual columns that do not speak for themselves on a phone."""

GROUPS: dict[str, Text] = {
    "customer": _("Customer"),
    "place": _("Where he lives"),
    "service": _("Service"),
    "network": _("Network"),
    "billing": _("Billing"),
    "people": _("People and dates"),
    "custom": _("Custom fields"),
}


@dataclass(frozen=True, kw_only=True)
class ListColumn(Column):
    group: str = "customer"
    fields: tuple[str, ...] = ()
    """Columns of the customer that it reads."""
    parts: tuple[str, ...] = ()
    """Names of `rows.READERS` that it reads."""
    cell: str = ""
    read_text: Read
    """What a file holds."""
    is_plain: bool = False
    """A file holds the one column of `fields` as it stands."""
    custom: Any = None
    """The operator's own field that it shows."""


def _plain(
    name: str, *, group: str, key: str = "", label: Text = "", sort: tuple[str, ...] = ()
) -> ListColumn:
    """A column of the customer as it stands."""
    parts = name.split("__")
    model: Any = Customer
    for part in parts[:-1]:
        model = model._meta.get_field(part).related_model
    field = model._meta.get_field(parts[-1])
    shown, read = f"customer.{name}", _reader(name, field)
    if field.choices:
        shown = f"words.choices['{name}'].get(customer.{name}, customer.{name})"
    elif isinstance(field, DateTimeField):
        shown = f"words.moment(customer.{name})"
    elif isinstance(field, DateField):
        shown = f"customer.{name}|short_date"
    elif isinstance(field, BooleanField):
        shown = f"words.yes_no(customer.{name})"
    return ListColumn(
        key=key or name,
        label=label or capfirst(field.verbose_name),
        sort=sort,
        group=group,
        fields=(name,),
        cell=f"{{% if customer.{name} is not none %}}{{{{ {shown} }}}}{{% endif %}}",
        read_text=read,
        is_plain=not field.choices and not isinstance(field, BooleanField),
        css="more",
    )


def _reader(name: str, field: Any) -> Read:
    if field.choices:
        return lambda row, words: words.choice(name, getattr(row.customer, name))
    if isinstance(field, BooleanField):
        return lambda row, words: words.yes_no(getattr(row.customer, name))
    return lambda row, words: getattr(row.customer, name)


def _of_service(
    key: str, label: Text, attribute: str, *, group: str = "service", live: bool = False
) -> ListColumn:
    """What his foremost service says; with `live` only while a router gives it."""
    condition = f"held and held.{attribute} is not none" + (" and held.is_live" if live else "")

    def read(row: Listed, words: Words) -> object:
        held = row.service
        return None if held is None or (live and not held.is_live) else getattr(held, attribute)

    return ListColumn(
        key=key,
        label=label,
        group=group,
        parts=("services",),
        cell=f"{{% if {condition} %}}{{{{ held.{attribute} }}}}{{% endif %}}",
        read_text=read,
        css="more",
    )


def _of_row(
    key: str,
    label: Text,
    *,
    group: str,
    parts: tuple[str, ...],
    cell: str,
    read: Read,
    css: str = "more",
    sort: tuple[str, ...] = (),
    fields: tuple[str, ...] = (),
) -> ListColumn:
    return ListColumn(
        key=key, label=label, group=group, parts=parts, cell=cell, read_text=read, css=css,
        sort=sort, fields=fields,
    )  # fmt: skip


NAME = (
    '<a href="/customers/{{ key }}/">{{ customer.name }}</a>'
    "{% if customer.nickname %}<small>{{ customer.nickname }}</small>{% endif %}"
)
TAGS = (
    '{% for tag in row.tags %}<span class="tag tag-{{ tag.color }}" title="{{ tag.text }}">'
    "{{ tag.name }}</span> {% endfor %}"
)
STATE = (
    '{% set state = row.state %}{% if state %}<span class="state state-{{ words.colors[state] }}">'
    "{{ words.states[state] }}</span>{% endif %}"
)
DEBT = (
    '{% if row.debt_label %}<a class="debt-cell {{ row.debt_css }}"'
    ' href="/billing/customers/{{ key }}/statement/page/"'
    ' hx-get="/billing/customers/{{ key }}/debt/" hx-target="#side"'
    ' data-bs-toggle="offcanvas" data-bs-target="#side">'
    '<i class="ti ti-currency-dollar" aria-hidden="true"></i>{{ row.debt_label }}</a>'
    "{% else %}–{% endif %}"
)
SYNC = (
    "{% if row.fresh_sync %}{{ row.fresh_sync }}{% elif held and held.is_live %}"
    '<span class="dot dot-{{ held.sync }}" title="{{ words.syncs[held.sync] }}"></span>'
    "{{ held.connection__router__name }}{% endif %}"
)
PLAN = "{% if held %}{{ held.plan__name }}{% if row.more %} <small>+{{ row.more }}</small>{% endif %}{% endif %}"  # noqa: E501

REASONS = "{{ words.reasons_of(row) }}"
SERVICES = ("services",)

COLUMNS: tuple[ListColumn, ...] = (
    ListColumn(key="code", label=_("Code"), sort=("code",), css="code", fields=("code",),
               cell="{{ customer.code }}", read_text=lambda row, _w: row.customer.code),
    ListColumn(key="name", label=_("Name"), sort=("name",), css="who", fields=("name", "nickname"),
               parts=("tags",), cell=NAME + TAGS, read_text=lambda row, _w: row.customer.name),
    _plain("nickname", group="customer"),
    _plain("person_kind", group="customer"),
    _plain("customer_type", group="customer"),
    _plain("document_type", group="customer"),
    _plain("document_number", group="customer", sort=("document_number",)),
    _of_row("phones", _("Phones"), group="customer", parts=("contacts",),
            cell="{{ row.phones }}", read=lambda row, _w: row.phones),
    _of_row("emails", _("E-mails"), group="customer", parts=("contacts",),
            cell="{{ row.emails }}", read=lambda row, _w: row.emails),
    _plain("contact_person", group="customer"),
    _plain("business_activity", group="customer"),
    _plain("rfid_card", group="customer"),
    _plain("portal_user", group="customer"),
    _of_row("tags", _("Tags"), group="customer", parts=("tags",), cell=TAGS,
            read=lambda row, _w: "; ".join(tag.name for tag in row.tags)),
    _plain("extra_1", group="customer"),
    _plain("extra_2", group="customer"),
    _plain("notes", group="customer"),
    _plain("address", group="place"),
    _plain("street_1", group="place"),
    _plain("street_2", group="place"),
    _plain("neighbourhood", group="place", sort=("neighbourhood", "name")),
    _plain("city", group="place", sort=("city", "name")),
    _plain("state", group="place", key="province"),
    _plain("postal_code", group="place"),
    ListColumn(key="zone", label=_("Zone"), sort=("zone__name", "name"), css="zone", group="place",
               fields=("zone__name",), cell="<span>{{ customer.zone__name }}</span>",
               read_text=lambda row, _w: row.customer.zone__name),
    _plain("latitude", group="place"),
    _plain("longitude", group="place"),
    _of_row("state", _("State"), group="service", parts=SERVICES, css="state-cell", cell=STATE,
            read=lambda row, words: words.states.get(row.state, "")),
    _of_row("reasons", _("Why it is suspended"), group="service", parts=("reasons",),
            cell=REASONS, read=lambda row, words: words.reasons_of(row)),
    _of_row("plan", _("Plan"), group="service", parts=SERVICES, css="plan", cell=PLAN,
            read=lambda row, _w: row.service.plan__name if row.service else ""),
    _of_row("price", _("Price"), group="service", parts=SERVICES, css="more number",
            cell="{% if row.price is not none %}{{ '%.2f'|format(row.price) }}{% endif %}",
            read=lambda row, _w: row.price),
    _of_row("services", _("Services"), group="service", parts=SERVICES, css="more number",
            cell="{{ row.services|length }}", read=lambda row, _w: len(row.services)),
    _of_row("started_on", _("First billed day"), group="service", parts=SERVICES,
            cell="{% if held %}{{ held.started_on|short_date }}{% endif %}",
            read=lambda row, _w: row.service.started_on if row.service else None),
    _of_row("cancelled_on", _("Last served day"), group="service", parts=SERVICES,
            cell="{% if held %}{{ held.cancelled_on|short_date }}{% endif %}",
            read=lambda row, _w: row.service.cancelled_on if row.service else None),
    _of_service("cancel_reason", _("Why it was cancelled"), "cancel_reason"),
    _plain("medium", group="service"),
    _of_row("sync", _("Router"), group="network", parts=SERVICES, css="router", cell=SYNC,
            read=lambda row, _w: (row.service and row.service.connection__router__name) or ""),
    _of_row("access", _("IP address"), group="network", parts=SERVICES, css="ip",
            cell="{% if held %}{{ held.access }}{% endif %}",
            read=lambda row, _w: (row.service and row.service.is_live
                                  and row.service.connection__address) or ""),
    _of_service("username", _("User on the router"), "connection__username", group="network"),
    _of_service("mac", _("MAC address"), "connection__mac", group="network"),
    _of_row("technology", _("Technology"), group="network", parts=SERVICES,
            cell="{% if held %}{{ words.technologies.get(held.plan__technology, held.plan__technology) }}{% endif %}",  # noqa: E501
            read=lambda row, words: words.technologies.get(row.service.plan__technology, "")
            if row.service else ""),
    _of_row("online", _("Session since"), group="network", parts=SERVICES,
            cell="{% if held and held.is_live %}{{ words.moment(held.connection__online_since) }}{% endif %}",  # noqa: E501
            read=lambda row, _w: row.service.connection__online_since if row.service else None),
    _plain("antenna_model", group="network"),
    _plain("modem_data", group="network"),
    _of_row("debt", _("Balance"), group="billing", parts=("balances",), css="number debt",
            cell=DEBT, sort=("debt",), read=lambda row, _w: row.debt),
    _of_row("unpaid", _("Unpaid invoices"), group="billing", parts=("unpaid",), css="more number",
            cell="{{ row.unpaid.many }}", read=lambda row, _w: row.unpaid.many),
    _of_row("unpaid_rest", _("Balance of unpaid invoices"), group="billing", parts=("unpaid",),
            css="more number", cell="{{ '%.2f'|format(row.unpaid.rest) }}",
            read=lambda row, _w: row.unpaid.rest),
    _of_row("payment_day", _("Payment day"), group="billing", parts=(), css="number day",
            cell="{{ row.payment_day }}", read=lambda row, _w: row.payment_day,
            fields=("own_day", "zone__payment_day")),
    _plain("is_invoiced", group="billing"),
    _plain("may_be_cut", group="billing"),
    _plain("may_be_notified", group="billing"),
    _plain("company__name", group="billing", key="company", label=_("Company that invoices")),
    _plain("legal_address", group="billing"),
    _plain("invoice_type", group="billing"),
    _plain("tax_condition", group="billing"),
    _plain("tax_number", group="billing"),
    _plain("payment_method", group="billing"),
    _plain("electronic_payment_code", group="billing"),
    _plain("contract_signed", group="people"),
    _plain("contract_type", group="people"),
    _plain("contract_expires_on", group="people"),
    _plain("collector__name", group="people", key="collector", label=_("Collector")),
    _plain("salesperson__name", group="people", key="salesperson", label=_("Salesperson")),
    ListColumn(key="registered", label=_("Registered"), sort=("registered_on",), css="registered",
               group="people", fields=("registered_on",),
               cell="{{ customer.registered_on|short_date }}",
               read_text=lambda row, _w: row.customer.registered_on),
    _plain("created_at", group="people", sort=("created_at",)),
    _plain("updated_at", group="people", sort=("updated_at",)),
)  # fmt: skip
BY_KEY = {column.key: column for column in COLUMNS}

START = (
    "{% for row in rows %}{% set customer = row.customer %}{% set held = row.service %}"
    "{% set key = row.key %}"
    '<tr{% if row.is_new %} class="is-new" data-registered{% endif %} data-side="{{ key }}">'
    '<td class="pick"><input type="checkbox" class="form-check-input" name="pick"'
    ' value="{{ key }}" form="bulk" aria-label="{{ choose }} {{ customer.code }}"></td>'
)
END = (
    '<td class="tools"><div class="row-tools"><button type="button" class="btn btn-icon btn-ghost"'
    ' data-bs-toggle="offcanvas" data-bs-target="#side" hx-get="/customers/{{ key }}/side/"'
    ' hx-target="#side" aria-label="{{ panel }}: {{ customer.code }}">'
    '<i class="ti ti-layout-sidebar-right-expand" aria-hidden="true"></i></button>'
    '<div class="dropdown"><button type="button" class="btn btn-icon btn-ghost"'
    ' data-bs-toggle="dropdown" data-bs-popper-config=\'{"strategy":"fixed"}\''
    ' aria-expanded="false" aria-label="{{ tools }}: {{ customer.code }}"'
    ' hx-get="/customers/{{ key }}/tools/" hx-target="next .dropdown-menu"'
    ' hx-trigger="click once"><i class="ti ti-dots-vertical" aria-hidden="true"></i></button>'
    '<div class="dropdown-menu dropdown-menu-end"></div></div></div></td></tr>{% endfor %}'
)


def chosen(user: User, asked: str = "") -> tuple[ListColumn, ...]:
    """The columns that the address names ("code,name"), else this person's, else the usual ones."""
    for keys in (asked.split(","), user.lists.get(LIST) or ()):
        known = BY_KEY
        if any(is_custom(key) for key in keys):
            known = BY_KEY | {column.key: column for column in custom_columns(user)}
        if found := tuple(known[key] for key in dict.fromkeys(keys) if key in known):
            return found
    return tuple(BY_KEY[key] for key in DEFAULT)


def every_column(user: User) -> tuple[ListColumn, ...]:
    """All that this person may choose: the usual ones and the operator's fields that he sees."""
    return (*COLUMNS, *custom_columns(user))


def custom_columns(user: User) -> tuple[ListColumn, ...]:
    return tuple(_custom(field) for field in CustomField.objects.in_use().shown_to(user))


def _custom(field: CustomField) -> ListColumn:
    kind, pk = field.kind, field.pk
    return ListColumn(
        key=f"{PREFIX}{field.code}",
        label=field.name,
        sort=keys_of(field),
        group="custom",
        custom=field,
        parts=("fields",),
        cell=cell_of(field),
        read_text=lambda row, _w: filed(kind, row.fields, pk),
        css="more",
    )


def sorting_of(query: QueryDict, user: User, shown: Iterable[ListColumn] = ()) -> Sorting:
    """As the address asks, by the operator's fields that this person sees too, `shown` or not."""
    asked = query.get("sort", "").removeprefix("-")
    known = (*COLUMNS, *shown)
    if is_custom(asked) and asked not in {column.key for column in known}:
        known = every_column(user)
    return sorting_in(query, known)


def fields_of(columns: Iterable[ListColumn]) -> list[str]:
    """What a page of customers must read for these columns."""
    return [name for column in columns for name in column.fields]


def parts_of(columns: Iterable[ListColumn]) -> set[str]:
    """What is read of the rooms for these columns."""
    return {part for column in columns for part in column.parts}


def draw(rows: Iterable[Listed], columns: Iterable[ListColumn], words: Words) -> SafeString:
    """The body of the table; each choice of columns is compiled once."""
    template = _compiled("".join(_cell(column) for column in columns))
    labels = {name: escape(getattr(words, name)) for name in ("choose", "panel", "tools")}
    body: SafeString = mark_safe(template.render(rows=rows, words=words, **labels))
    return body  # the template escapes


@lru_cache(maxsize=128)
def _compiled(cells: str) -> Any:
    engine: Any = engines["jinja2"]
    return engine.env.from_string(START + cells + END)


def _cell(column: ListColumn) -> str:
    is_labelled = "more" in column.css or column.key in LABELLED
    label = f" data-label=\"{{{{ words.labels['{column.key}'] }}}}\"" if is_labelled else ""
    return f'<td class="{column.css}"{label}>{column.cell}</td>'
