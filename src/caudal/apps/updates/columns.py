"""The columns of an edited file: what each is called, and which part of a customer it changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.actions.customers import EDITABLE
from caudal.apps.customers.fields import CUSTOM, fields_for
from caudal.apps.customers.models import Customer
from caudal.apps.imports import load
from caudal.apps.staff.models import User
from caudal.apps.staff.verbs import Verb
from caudal.core.columns import column_key
from caudal.store.secrets import SecretField

Text = str | Promise
LANGUAGES = ("es", "en")


class Part(StrEnum):
    """Which action a column's changes go through."""

    KEY = "key"
    PERSON = "person"
    CONTACTS = "contacts"
    DAY = "day"
    CUSTOM = "custom"
    TAGS = "tags"
    TERMS = "terms"
    ACCESS = "access"
    STATE = "state"


OF_SERVICE = frozenset({Part.TERMS, Part.ACCESS, Part.STATE})


@dataclass(frozen=True, slots=True)
class FileColumn:
    key: str
    """As `core.ports.importer.Field` calls it where it has a name for it."""
    label: Text
    part: Part
    name: str = ""
    """The field that it changes."""
    verb: Verb = Verb.EDIT_CUSTOMERS
    is_secret: bool = False
    is_needed: bool = False
    """It cannot be emptied."""
    custom: Any = None
    """The operator's own field."""


SERVICE_NUMBER = "service_number"
CODE = FileColumn("code", _("Code"), Part.KEY)
NEW_CODE = FileColumn("new_code", _("New code"), Part.PERSON, "code", is_needed=True)
NUMBER = FileColumn(SERVICE_NUMBER, _("Service number"), Part.KEY)
KEYS = ("code", "document_number", "username", "ip_address", "mac", "portal_user", "rfid_card")
"""Columns by which a row may be known, best first."""

_KEYED = {"state": "province"}
_THEIR_KEYS = {"admin_status": "tags"}
_NEVER = frozenset({"code", "created_at", "updated_at"})
_FIRST = (
    "name", "nickname", "person_kind", "first_name", "second_name", "first_surname",
    "second_surname", "customer_type", "document_type", "document_number", "zone", "address",
    "street_1", "street_2", "neighbourhood", "city", "state", "postal_code", "latitude",
    "longitude",
)  # fmt: skip
_SERVICE = (
    FileColumn("plan", _("Plan"), Part.TERMS, "plan", Verb.EDIT_SERVICES, is_needed=True),
    FileColumn("price", _("Price"), Part.TERMS, "price", Verb.EDIT_SERVICES),
    FileColumn(
        "state", _("State of the service"), Part.STATE, "state", Verb.SEE_CUSTOMERS, is_needed=True
    ),
    FileColumn("router", _("Router"), Part.ACCESS, "router", Verb.EDIT_SERVICES, is_needed=True),
    FileColumn("username", _("User on the router"), Part.ACCESS, "username", Verb.EDIT_SERVICES,
               is_needed=True),
    FileColumn("password", _("Password on the router"), Part.ACCESS, "password",
               Verb.EDIT_SERVICES, is_secret=True, is_needed=True),
    FileColumn("ip_address", _("IP address"), Part.ACCESS, "address", Verb.EDIT_SERVICES),
    FileColumn("local_address", _("Local address"), Part.ACCESS, "local_address",
               Verb.EDIT_SERVICES),
    FileColumn("mac", _("MAC address"), Part.ACCESS, "mac", Verb.EDIT_SERVICES),
    FileColumn("server", _("Server of the router"), Part.ACCESS, "server", Verb.EDIT_SERVICES),
    FileColumn("interface", _("Interface of the router"), Part.ACCESS, "interface",
               Verb.EDIT_SERVICES),
    FileColumn("ipv6_prefix", _("IPv6 prefix"), Part.ACCESS, "prefix", Verb.EDIT_SERVICES),
)  # fmt: skip

FIXED: dict[str, tuple[Text, ...]] = {
    "money": (_("Balance"), _("Unpaid invoices"), _("Balance of unpaid invoices")),
    "state": (_("Why it is suspended"), _("First billed day"), _("Last served day"),
              _("Why it was cancelled"), _("State")),
    "count": (_("Services"), _("Created"), _("Changed")),
    "plan": (_("Technology"),),
    "seen": (_("Session since"),),
}  # fmt: skip
WHY_FIXED: dict[str, Text] = {
    "money": _("It follows from invoices and payments."),
    "state": _("It follows from the state: change the column “State of the service”."),
    "count": _("The system counts and dates it itself."),
    "plan": _("It follows from the plan: change the plan."),
    "seen": _("It is what was seen on the router."),
}


def columns(user: User) -> dict[str, FileColumn]:
    """Everything that a file may change, by key, with the fields that this person sees."""
    own = (
        FileColumn(f"{CUSTOM}{field.code}", field.name, Part.CUSTOM, field.code, custom=field)
        for field in fields_for(user)
    )
    return {column.key: column for column in (*_standing(), *own)}


def columns_in(mapping: Iterable[str], known_by: str, user: User) -> dict[str, FileColumn]:
    """`columns` as they serve a file: where customers are known by something else than their code,
    another code in its column is their new one."""
    every, keys = columns(user), set(mapping)
    if known_by != "code" and "new_code" not in keys:
        every["code"] = replace(NEW_CODE, key="code", label=CODE.label)
    return every


@cache
def _standing() -> tuple[FileColumn, ...]:
    known = [name for name in EDITABLE if name not in _NEVER]
    others = [name for name in known if name not in _FIRST]
    first = [name for name in _FIRST if name in known]
    contacts = (
        FileColumn("phones", _("Phones"), Part.CONTACTS, "phone"),
        FileColumn("emails", _("E-mails"), Part.CONTACTS, "email"),
    )
    tags = FileColumn("tags", _("Tags"), Part.TAGS)
    day = FileColumn("payment_day", _("Payment day"), Part.DAY, is_needed=True)
    return (
        CODE, NEW_CODE, NUMBER, *map(_of_person, first), *contacts, *_SERVICE, day, tags,
        *map(_of_person, others),
    )  # fmt: skip


def _of_person(name: str) -> FileColumn:
    field: Any = Customer._meta.get_field(name)
    return FileColumn(
        _KEYED.get(name, name),
        capfirst(field.verbose_name),
        Part.PERSON,
        name,
        is_secret=isinstance(field, SecretField),
        is_needed=not field.blank and not field.null,
    )


def propose(header: Sequence[str], known: Iterable[FileColumn]) -> list[str]:
    """Which column each heading is, by our names in either language, then by those that the known
    systems use; "" where nobody knows. A column goes to the first heading that has its name."""
    found = [""] * len(header)
    for table in (_own_names(known), _foreign_names()):
        for place, title in enumerate(header):
            key = table.get(column_key(title), "")
            if key and not found[place] and key not in found:
                found[place] = key
    return found


def names_of(known: Iterable[FileColumn]) -> frozenset[str]:
    """Every name that a heading may have: what tells the header from titles above it."""
    return frozenset({*_own_names(known), *_foreign_names(), *_fixed_names()})


def why_fixed(title: str) -> Text:
    """Why a column that the list shows cannot be changed by a file; "" for any other."""
    return WHY_FIXED.get(_fixed_names().get(column_key(title), ""), "")


def key_among(mapping: Iterable[str]) -> str:
    """By which of these columns the rows are best known; "" where by none."""
    keys = set(mapping)
    return next((key for key in KEYS if key in keys), "")


def labels_in(language: str, known: Iterable[FileColumn]) -> dict[str, str]:
    with translation.override(language):
        return {column_key(str(column.label)): column.key for column in known}


def _own_names(known: Iterable[FileColumn]) -> dict[str, str]:
    listed = list(known)
    found = {column_key(column.key): column.key for column in listed}
    for language in LANGUAGES:
        found |= labels_in(language, listed)
    return found


@cache
def _fixed_names() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            for why, labels in FIXED.items():
                found |= {column_key(str(label)): why for label in labels}
    return found


@cache
def _foreign_names() -> dict[str, str]:
    """What other systems call them; the generic names win."""
    known = {column.key for column in _standing()}
    found: dict[str, str] = {}
    for slug, _title in load.sources():
        found |= {
            name: _THEIR_KEYS.get(field.value, field.value)
            for name, field in load.importer(slug).columns.items()
            if _THEIR_KEYS.get(field.value, field.value) in known
        }
    return found
