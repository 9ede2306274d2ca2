"""What happens to a customer: registered, edited, archived, annotated."""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from caudal.apps.customers.actions.calendar import calendar_numbers, leave_calendar_change
from caudal.apps.customers.actions.exchange import Lent
from caudal.apps.customers.actions.services import touch
from caudal.apps.customers.contacts import ContactData, with_purposes
from caudal.apps.customers.documents import read_document, recognise
from caudal.apps.customers.duplicates import document_key
from caudal.apps.customers.models import (
    CodeCounter,
    Contact,
    Customer,
    OwnCalendar,
    PersonKind,
    Service,
    ServiceState,
)
from caudal.apps.customers.search import search_text
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import OLD_SECRET, record, snapshot
from caudal.core.errors import ErrorCode, RuleError
from caudal.core.text import key

NAME_PARTS = ["first_name", "second_name", "first_surname", "second_surname"]
EDITABLE = [
    field.name
    for field in Customer._meta.concrete_fields
    if field.editable and not field.primary_key and field.name not in {"archived_at"}
]
"""Fields that `data` may hold, besides those of LISTS."""
MOST_CODES = 5000
"""So many typed codes are looked over at once for one that is free."""
LISTS = ("taxes", "tags")
"""Rows of other tables that a customer has several of: a list of Tax, a list of Tag."""
HIDDEN = {"search_text", "access_text", "document_key", "address_key", "updated_at", "created_at"}
JOURNAL_FIELDS = [
    field.attname
    for field in Customer._meta.concrete_fields
    if not field.primary_key and field.name not in HIDDEN
]
ON_ROUTERS = {"name", "code"}
"""Fields that stand in the comments of routers' rows (WH-28)."""


def draft_customer(*, now: datetime, data: Mapping[str, Any]) -> Customer:
    """The customer that `register_customer` would save, checked and not saved: for live validation.

    Raises ValidationError by field.
    """
    customer = _begin(now, data)
    _check(customer)
    return customer


def check_edit(*, customer: Customer, data: Mapping[str, Any]) -> None:
    """Raise ValidationError by field where `edit_customer` would; leaves `customer` as it is."""
    draft = copy(customer)
    _fill(draft, data)
    _check(draft, identity(customer))


def check_fields(*, customer: Customer, data: Mapping[str, Any]) -> None:
    """As `check_edit`, but for what only the database knows (unique values): it asks no query.

    For previews of thousands of customers whose zone and company are at hand.
    """
    draft = copy(customer)
    _fill(draft, data)
    related = {field.name for field in Customer._meta.concrete_fields if field.is_relation}
    _raise_any(_complete(draft, identity(customer)), draft.clean_fields, related)


def check_new(*, now: datetime, data: Mapping[str, Any]) -> Customer:
    """As `draft_customer`, but for what only the database knows (unique values): it asks no query.

    For previews of thousands of customers. Raises ValidationError by field.
    """
    draft = _begin(now, data)
    absent = {field.name for field in Customer._meta.concrete_fields if field.is_relation}
    if not draft.code:
        absent.add("code")
    _raise_any(_complete(draft, ()), draft.clean_fields, absent)
    return draft


@transaction.atomic
def register_customer(
    *,
    actor: Actor,
    now: datetime,
    data: Mapping[str, Any],
    contacts: Iterable[ContactData] = (),
) -> Customer:
    """A new customer. `data` maps fields of Customer to values: `zone`, `address` and a name are
    required; `code` empty takes the next one; company and registration date follow the zone.

    Raises ValidationError by field.
    """
    customer = draft_customer(now=now, data=data)
    customer.code = customer.code or _next_code()
    rows = {(row.kind, row.value): row for row in with_purposes(contacts, {})}
    customer.search_text = search_text(customer, rows)
    customer.save()
    _set_lists(customer, data)
    stored = Contact.objects.bulk_create(
        Contact(customer=customer, kind=row.kind, value=row.value, purpose=row.purpose,
                label=row.label[:80])
        for row in rows.values()
    )  # fmt: skip
    after = _state(customer, stored, bool(data.get("tags")))
    record(
        actor,
        "customer.register",
        customer,
        now=now,
        customer_id=customer.pk,
        before={},
        after={name: value for name, value in after.items() if value},
    )
    return customer


@transaction.atomic
def edit_customer(
    *,
    actor: Actor,
    now: datetime,
    customer: Customer,
    data: Mapping[str, Any],
    contacts: Iterable[ContactData] | None = None,
    lent: Lent | None = None,
) -> Customer:
    """Change the fields in `data`; `contacts` replaces all of them, None leaves them alone.

    `lent` is of `exchanging`. Raises ValidationError by field.
    """
    customer.refresh_from_db(from_queryset=Customer.objects.select_for_update())
    for name, value in (lent or {}).pop(customer.pk, {}).items():
        setattr(customer, name, value)
    before, was_secret = _state(customer), customer.antenna_password
    on_routers = {name: getattr(customer, name) for name in ON_ROUTERS}
    zone, numbers = customer.zone_id, _shared_numbers(customer)
    held = identity(customer)
    _fill(customer, data)
    customer.updated_at = now
    _check(customer, held)
    customer.save()
    _set_lists(customer, data)
    if contacts is None:
        refresh_search_text(customer)
    else:
        _set_contacts(customer, contacts)
    if on_routers != {name: getattr(customer, name) for name in ON_ROUTERS}:
        touch(customer.services.exclude(state=ServiceState.CANCELLED), now)
    if zone != customer.zone_id and numbers is not None:
        leave_calendar_change(now=now, customer=customer, before=numbers)
    if was_secret and was_secret != customer.antenna_password:
        before["antenna_password"] = OLD_SECRET
    record(
        actor,
        "customer.edit",
        customer,
        now=now,
        customer_id=customer.pk,
        before=before,
        after=_state(customer),
    )
    return customer


def change_code(*, actor: Actor, now: datetime, customer: Customer, code: str) -> Customer:
    """Another code, free (IC-26). Raises ValidationError where it is taken or empty."""
    if not code.strip():
        raise ValidationError({"code": _("Write the new code.")})
    return edit_customer(actor=actor, now=now, customer=customer, data={"code": code})


@transaction.atomic
def archive(*, actor: Actor, now: datetime, customer: Customer) -> bool:
    """Hide the customer; his rows stay (IC-3). False where he is archived already.

    Raises RuleError while a service of his is not cancelled.
    """
    customer.refresh_from_db(from_queryset=Customer.objects.select_for_update())
    if customer.archived_at is not None:
        return False
    live = Service.objects.filter(customer=customer).exclude(state=ServiceState.CANCELLED)
    if live.exists():
        raise RuleError(ErrorCode.NOT_ALLOWED_IN_STATE, state="live", act="archive")
    _set_archived(actor, "customer.archive", customer, now, now)
    return True


@transaction.atomic
def unarchive(*, actor: Actor, now: datetime, customer: Customer) -> bool:
    """Show the customer again (IC-27). False where he is not archived."""
    customer.refresh_from_db(from_queryset=Customer.objects.select_for_update())
    if customer.archived_at is None:
        return False
    _set_archived(actor, "customer.unarchive", customer, now, None)
    return True


@transaction.atomic
def set_portal_password(*, actor: Actor, now: datetime, customer: Customer, password: str) -> str:
    """Another password for the portal (IC-30), "" takes it away; returns what is kept of it."""
    customer.refresh_from_db(from_queryset=Customer.objects.select_for_update())
    customer.portal_password = make_password(password) if password else ""
    customer.updated_at = now
    customer.save(update_fields=["portal_password", "updated_at"])
    note = "" if password else _("Taken away")
    record(actor, "customer.portal_password", customer, now=now, customer_id=customer.pk, note=note)
    return customer.portal_password


def refresh_search_text(customer: Customer) -> None:
    """Write again what the search looks into; after any change of his own fields or contacts."""
    contacts = customer.contacts.values_list("kind", "value")
    customer.search_text = search_text(customer, contacts)
    customer.save(update_fields=["search_text"])


def _shared_numbers(customer: Customer) -> dict[str, Any] | None:
    """The zone's calendar where it is his; None where he has dates of his own."""
    own = OwnCalendar.objects.filter(customer=customer).exists()
    return None if own else calendar_numbers(customer.zone)


def _fill(customer: Customer, data: Mapping[str, Any]) -> None:
    unknown = set(data) - {*EDITABLE, *LISTS}
    if unknown:
        raise TypeError(f"not fields of a customer: {sorted(unknown)}")
    for name, value in data.items():
        if name not in LISTS:
            setattr(customer, name, value.strip() if isinstance(value, str) else value)


def identity(customer: Customer) -> tuple[object, ...]:
    """What the check of his document depends on."""
    return (
        customer.document_type,
        customer.document_number,
        customer.person_kind,
        customer.company_id,
    )


def _begin(now: datetime, data: Mapping[str, Any]) -> Customer:
    """A new one as `data` says, with what his zone says of him; unchecked."""
    customer = Customer(created_at=now, updated_at=now)
    _fill(customer, data)
    zone = data.get("zone")
    if zone is not None:
        customer.company = data.get("company") or zone.company
        local = now.astimezone(ZoneInfo(zone.timezone or settings.TIME_ZONE))
        customer.registered_on = customer.registered_on or local.date()
    return customer


def _set_lists(customer: Customer, data: Mapping[str, Any]) -> None:
    for name in LISTS:
        if name in data:
            getattr(customer, name).set(data[name] or [])


def _check(customer: Customer, held: tuple[object, ...] = ()) -> None:
    """Complete what follows from other fields, then refuse what cannot be right."""
    _validate(customer, _complete(customer, held))


def _complete(customer: Customer, held: tuple[object, ...]) -> dict[str, Any]:
    """Fill in what follows from other fields; returns what cannot be right, by field.

    A document that stands as it was `held` is left alone: who was imported with a wrong one can
    still be edited.
    """
    errors: dict[str, Any] = {}
    parts = [getattr(customer, name) for name in NAME_PARTS]
    if customer.person_kind == PersonKind.NATURAL:
        customer.name = " ".join(part for part in parts if part)
        if sum(1 for part in parts if part) < 3:
            # The full name is the fourth of the fields that WP-12 asks for.
            missing = next(name for name in NAME_PARTS if not getattr(customer, name))
            errors[missing] = _("A natural person needs at least three of the four name boxes.")
    if customer.document_number and customer.company_id and identity(customer) != held:
        _check_document(customer, errors)
    customer.document_key = document_key(customer.document_number)
    customer.address_key = key(customer.address)[:250]
    if (customer.latitude is None) != (customer.longitude is None):
        missing = "latitude" if customer.latitude is None else "longitude"
        errors[missing] = _("A position needs latitude and longitude.")
    return errors


def _check_document(customer: Customer, errors: dict[str, Any]) -> None:
    country, number = customer.company.country, customer.document_number
    person = customer.person_kind
    customer.document_type = customer.document_type or recognise(country, number, person)
    try:
        customer.document_number = read_document(country, customer.document_type, number, person)
    except ValidationError as error:
        errors["document_number"] = error


def _validate(customer: Customer, errors: dict[str, Any]) -> None:
    absent = {name for name in ("import_key", "rfid_card", "portal_user")
              if not getattr(customer, name)}  # fmt: skip
    if not (customer.code or customer.pk):
        absent.add("code")
    _raise_any(errors, customer.full_clean, absent)


def _raise_any(errors: dict[str, Any], clean: Callable[..., None], absent: Iterable[str]) -> None:
    """What was found already and what `clean` finds in the fields that are not `absent`."""
    try:
        clean(exclude={*absent, *errors})
    except ValidationError as error:
        errors = error.update_error_dict(ValidationError(errors).error_dict if errors else {})
    if errors:
        raise ValidationError(errors)


def _next_code() -> str:
    """000001, 000002 ...: the next one that nobody typed already."""
    counter, _made = CodeCounter.objects.select_for_update().get_or_create(pk=1)
    lot = 1
    while True:
        first = counter.next_number
        codes = [f"{number:06d}" for number in range(first, first + lot)]
        typed = set(Customer.objects.filter(code__in=codes).values_list("code", flat=True))
        free = next((place for place, code in enumerate(codes) if code not in typed), None)
        counter.next_number += lot if free is None else free + 1
        if free is not None:
            counter.save(update_fields=["next_number"])
            return codes[free]
        lot = min(lot * 4, MOST_CODES)


def _set_contacts(customer: Customer, contacts: Iterable[ContactData]) -> None:
    stored = list(customer.contacts.all())
    held = {(row.kind, row.value): (row.purpose, row.label) for row in stored}
    rows = {(row.kind, row.value): row for row in with_purposes(contacts, held)}
    gone = [row.pk for row in stored if (row.kind, row.value) not in rows]
    customer.contacts.filter(pk__in=gone).delete()
    for row in rows.values():
        Contact.objects.update_or_create(
            customer=customer,
            kind=row.kind,
            value=row.value,
            defaults={"purpose": row.purpose, "label": row.label[:80]},
        )
    refresh_search_text(customer)


def _set_archived(
    actor: Actor, verb: str, customer: Customer, now: datetime, archived_at: datetime | None
) -> None:
    before = snapshot(customer, ["archived_at"])
    customer.archived_at = archived_at
    customer.updated_at = now
    customer.save(update_fields=["archived_at", "updated_at"])
    after = snapshot(customer, ["archived_at"])
    record(actor, verb, customer, now=now, customer_id=customer.pk, before=before, after=after)


def _state(
    customer: Customer, stored: Iterable[Contact] | None = None, has_tags: bool = True
) -> dict[str, Any]:
    """Fields and contacts as the journal compares them; `stored` are his contacts where known."""
    state = snapshot(customer, JOURNAL_FIELDS)
    contacts = list(customer.contacts.order_by("id") if stored is None else stored)
    for kind in Contact.Kind:
        state[f"{kind.value}s"] = "; ".join(_told(row) for row in contacts if row.kind == kind)
    tags = customer.tags.values_list("name", flat=True) if has_tags else ()
    state["tags"] = "; ".join(tags)
    return state


def _told(contact: Contact) -> str:
    """The number, and what it is for where that is not plain."""
    usual = (Contact.Purpose.MAIN, Contact.Purpose.OTHER)
    purpose = "" if contact.purpose in usual else str(contact.get_purpose_display())
    said = ", ".join(part for part in (purpose, contact.label) if part)
    return f"{contact.value} ({said})" if said else contact.value
