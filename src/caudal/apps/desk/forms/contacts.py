"""Phones and e-mails in a form: one box each, with what it is for and whose it is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from caudal.apps.customers.contacts import (
    LONGEST,
    MOST,
    PURPOSES,
    ContactData,
    read_rows,
    show_phone,
)
from caudal.apps.customers.models import Contact

Typed = list[ContactData]


class ContactRows(forms.Widget):
    """Boxes `phones`, `phones_2` ... each with `_purpose` and `_label`; every name comes once."""

    template_name = "desk/widgets/contacts.html"

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Typed:
        """What was typed, empty boxes left out."""
        rows = [self._row(data, key) for key in _keys(name) if key in data]
        return [row for row in rows if row.value]

    def value_omitted_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        shown: Typed = list(value or []) or [ContactData(self.kind, "")]
        purposes = [(str(each.value), each.label) for each in PURPOSES[Contact.Kind(self.kind)]]
        boxes = [self._box(key, row) for key, row in zip(_keys(name), shown, strict=False)]
        context["widget"] |= {
            "kind": self.kind,
            "boxes": boxes,
            "blank": self._box(f"{name}___", ContactData(self.kind, "")) | {"removable": True},
            "purposes": purposes,
            "described": (attrs or {}).get("aria-describedby", ""),
            "most": MOST,
            "longest": 500 if self.kind == Contact.Kind.PHONE else 1000,
            "add": _("Another phone") if self.kind == Contact.Kind.PHONE else _("Another e-mail"),
        }
        return context

    def _row(self, data: Mapping[str, Any], key: str) -> ContactData:
        """A purpose that this kind does not know is as if none was chosen."""
        texts = [
            str(data.get(f"{key}{end}") or "").strip()[:LONGEST] for end in ("_purpose", "_label")
        ]
        known = texts[0] if texts[0] in PURPOSES[Contact.Kind(self.kind)] else ""
        return ContactData(self.kind, str(data.get(key) or "").strip(), known, texts[1][:80])

    def _box(self, key: str, row: ContactData) -> dict[str, Any]:
        first = "_" not in key
        purpose = row.purpose or (Contact.Purpose.MAIN if first else Contact.Purpose.OTHER)
        return {
            "name": key,
            "row": replace(row, purpose=str(purpose)),
            "removable": not first,
            "labelled": bool(row.label) or not first,
        }


class ContactsField(forms.Field):
    """Rows of ContactData. `country` reads the phones; `held` are those stored already.

    `held` maps what a box shows to what is stored: what did not change passes as it is.
    """

    widget: ContactRows

    def __init__(self, *, kind: str, **options: Any) -> None:
        super().__init__(widget=ContactRows(kind), **options)
        self.kind = kind
        self.country = ""
        self.held: dict[str, str] = {}

    def to_python(self, value: Any) -> Typed:
        return read_rows(self.kind, value or [], self.country, self.held)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _plain(initial) != _plain(data)


def shown_contact(row: Contact, country: str) -> str:
    """A stored phone as the country writes it, an e-mail as it is."""
    return show_phone(row.value, country) if row.kind == Contact.Kind.PHONE else row.value


def shown_contacts(contacts: Sequence[Contact], country: str) -> dict[str, Typed]:
    """Stored contacts as the boxes show them, the main one first; by kind."""
    order = sorted(contacts, key=lambda row: (row.purpose != Contact.Purpose.MAIN, row.pk))
    shown: dict[str, Typed] = {Contact.Kind.PHONE.value: [], Contact.Kind.EMAIL.value: []}
    for row in order:
        text = shown_contact(row, country)
        shown[row.kind].append(ContactData(row.kind, text, row.purpose, row.label))
    return shown


def _keys(name: str) -> list[str]:
    return [name, *(f"{name}_{number}" for number in range(2, MOST + 1))]


def _plain(rows: Any) -> list[tuple[str, str, str]]:
    """The first box is the main one unless it says otherwise."""
    return [
        (row.value, row.purpose or ("other" if at else "main"), row.label)
        for at, row in enumerate(rows or [])
    ]
