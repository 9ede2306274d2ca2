"""A cell of an edited file beside the value that it stands for: what it says, and whether it is
still the same after all that spreadsheets do to numbers."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from unicodedata import category, normalize

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, DateField, DecimalField, Field, IntegerField, Model
from django.utils import translation
from django.utils.translation import gettext as _

from caudal.apps.customers.contacts import read_emails, read_phones, split
from caudal.apps.customers.fields import read_cell
from caudal.apps.customers.models import Contact, Customer, ServiceState
from caudal.apps.imports import load
from caudal.apps.updates.columns import LANGUAGES, FileColumn, Part
from caudal.apps.updates.held import Held
from caudal.apps.updates.known import Known
from caudal.apps.updates.words import Wrong, nobody
from caudal.core import cells as read
from caudal.core.cells import CellError, Fault, State
from caudal.core.text import fold

LONGEST_EXACT = 15
"""Excel keeps so many digits of a number."""
_SCIENTIFIC = re.compile(r"([+-]?\d)(?:[.,](\d+))?[eE]\+?(\d{1,3})")
_STATES = {
    State.ACTIVE: ServiceState.ACTIVE,
    State.SUSPENDED: ServiceState.SUSPENDED,
    State.CANCELLED: ServiceState.CANCELLED,
    State.PENDING: ServiceState.PENDING,
}


def is_same(cell: str, filed: object) -> bool:
    """Whether a cell still says what the file said, whatever a spreadsheet has done to it: fewer
    digits, no plus sign, no leading zeros, other spaces."""
    shown = written(filed)
    one, other = _bare(cell), _bare(shown)
    return one == other or _is_mangled(one, other)


def written(value: object) -> str:
    """A value of the file as text."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def current(column: FileColumn, held: Held) -> Any:
    """What the row's customer or service has; None where there is nothing to have it."""
    return _CURRENT[column.part](column, held)


def filed(column: FileColumn, value: Any) -> Any:
    """A value as the file holds it: numbers and dates as such, the rest in words."""
    field = _field(column)
    if column.key == "price" and value is not None:
        return _shortest(value)
    if value is None or isinstance(value, Decimal | date):
        return value
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "; ".join(map(str, value))
    if column.part is Part.STATE:
        return str(ServiceState(value).label)
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return value if isinstance(value, int) else str(getattr(value, "name", value))


def understood(column: FileColumn, cell: str, held: Held, known: Known) -> Any:
    """The value that the cell says. Raises Wrong, CellError or ValidationError."""
    if read.is_broken(cell):
        raise Wrong(_("The formula in this cell has failed: “%(text)s”.") % {"text": cell[:40]})
    return _READERS[column.part](column, cell, held, known)


def emptied(column: FileColumn) -> Any:
    """The value of an emptied cell. Raises Wrong where there has to be one."""
    field = _field(column)
    if column.is_needed or isinstance(field, BooleanField):
        raise Wrong(_("This cannot be empty."))
    if column.part in (Part.CONTACTS, Part.TAGS):
        return []
    if column.part is Part.PERSON and field is not None and not field.null:
        return ""
    return "" if column.part is Part.ACCESS and column.name not in _ADDRESSES else None


_ADDRESSES = frozenset({"address", "local_address"})


def _shortest(amount: Decimal) -> Decimal:
    """With two decimals where it has no more."""
    cents = amount.quantize(Decimal("0.01"))
    return cents if cents == amount else amount


def _bare(text: str) -> str:
    """Without signs that files cannot hold, and with plain spaces."""
    kept = "".join(sign if sign.isspace() or category(sign)[0] != "C" else "" for sign in text)
    plain = " ".join(normalize("NFC", kept).split())
    while (cleaned := load.clean(plain)) != plain:
        plain = cleaned
    return plain


def _is_mangled(cell: str, shown: str) -> bool:
    """Whether `cell` is what is left of the number `shown` once a spreadsheet took it for one."""
    if not re.fullmatch(r"\+?\d+", shown):
        return False
    number = shown.lstrip("+").lstrip("0") or "0"
    if found := _SCIENTIFIC.fullmatch(cell):
        kept = found[1].lstrip("+") + (found[2] or "")
        rounded = f"{Decimal(number):.{len(kept) - 1}E}"
        return rounded == f"{Decimal(cell.replace(',', '.')):.{len(kept) - 1}E}"
    plain = re.sub(r"[.,]0+$", "", cell.lstrip("+"))
    if not plain.isdecimal():
        return False
    cut = number[:LONGEST_EXACT].ljust(len(number), "0")
    return (plain.lstrip("0") or "0") in (number, cut)


def _field(column: FileColumn) -> "Field[Any, Any] | None":
    if column.part is not Part.PERSON:
        return None
    found: Field[Any, Any] = Customer._meta.get_field(column.name)  # type: ignore[assignment]
    return found


def _terms(column: FileColumn, held: Held) -> Any:
    if column.key == "price":
        return held.price
    return held.service.plan if held.service else None


def _access(column: FileColumn, held: Held) -> Any:
    return getattr(held.connection, column.name) if held.connection else None


_CURRENT: dict[Part, Callable[[FileColumn, Held], Any]] = {
    Part.KEY: lambda column, held: (
        held.customer.code if column.key == "code" else held.service and held.service.number
    ),
    Part.PERSON: lambda column, held: getattr(held.customer, column.name),
    Part.CONTACTS: lambda column, held: held.contacts(column.name),
    Part.DAY: lambda column, held: held.payment_day,
    Part.CUSTOM: lambda column, held: held.person.custom.get(column.custom.pk),
    Part.TAGS: lambda column, held: held.person.tags,
    Part.TERMS: _terms,
    Part.ACCESS: _access,
    Part.STATE: lambda column, held: held.service.state if held.service else None,
}


def _read_person(column: FileColumn, cell: str, held: Held, known: Known) -> Any:
    field = _field(column)
    assert field is not None
    if field.is_relation:
        return known.row(_related(field), cell)
    if isinstance(field, BooleanField):
        return read.read_yes(cell)
    if isinstance(field, DateField):
        return read.read_date(cell, month_first=known.month_first)
    if isinstance(field, DecimalField):
        return read.read_degrees(cell)
    if isinstance(field, IntegerField):
        return _whole(cell)
    if field.choices:
        return _code_of(column.name, cell)
    return _text(cell)


def _related(field: Any) -> type[Model]:
    related: type[Model] = field.related_model
    return related


def _text(cell: str) -> str:
    if _SCIENTIFIC.fullmatch(cell.strip()):
        raise CellError(Fault.DIGITS_LOST, cell)
    return cell


def _whole(cell: str) -> int:
    plain = re.sub(r"[.,]0+$", "", cell.strip())
    if not re.fullmatch(r"\d{1,5}", plain):
        raise Wrong(_("“%(text)s” is not a whole number.") % {"text": cell[:40]})
    return int(plain)


def _code_of(name: str, cell: str) -> str:
    found = _codes(name).get(fold(cell))
    if found is None:
        raise nobody(Customer._meta.get_field(name).verbose_name, cell)  # type: ignore[union-attr]
    return found


@cache
def _codes(name: str) -> dict[str, str]:
    """A choice's code by its label in either language, and by itself."""
    field: Any = Customer._meta.get_field(name)
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            found |= {fold(str(label)): code for code, label in field.flatchoices}
    return found | {fold(code): code for code, _label in field.flatchoices if code}


def _read_contacts(column: FileColumn, cell: str, held: Held, known: Known) -> list[str]:
    """What stands there already may stay as it is, however wrong it was when it came."""
    mine = held.contacts(column.name)
    found = []
    for part in split(cell):
        same = next((value for value in mine if is_same(part, value)), None)
        found += [same] if same is not None else _new_contact(column.name, part, held.country)
    return list(dict.fromkeys(found))


def _new_contact(kind: str, part: str, country: str) -> list[str]:
    if kind == Contact.Kind.EMAIL:
        return read_emails(part)
    return read_phones(read.read_phone_digits(part), country)


def _read_tags(column: FileColumn, cell: str, held: Held, known: Known) -> list[str]:
    """Their names, in order; those that he has may be archived ones."""
    mine = {fold(name): name for name in held.person.tags}
    names = (mine.get(fold(part)) or known.tags.find(part).name for part in split(cell))
    return sorted(set(names))


def _read_terms(column: FileColumn, cell: str, held: Held, known: Known) -> Any:
    if column.key == "plan":
        return known.plans.find(cell)
    amount = read.read_amount(cell)
    if amount < 0:
        raise Wrong(_("The price cannot be negative."))
    return amount


def _read_access(column: FileColumn, cell: str, held: Held, known: Known) -> Any:
    if column.key == "router":
        return known.routers.find(cell)
    if column.name in _ADDRESSES:
        return read.read_ip(cell)
    return read.read_mac(cell) if column.key == "mac" else _text(cell)


def _read_state(column: FileColumn, cell: str, held: Held, known: Known) -> str:
    if named := state_named(cell):
        return named
    state = read.read_state(cell)
    if state not in _STATES:
        raise CellError(Fault.STATE, cell)
    return str(_STATES[state])


def state_named(label: str) -> str:
    """The state of that name in either language; "" where none is called so."""
    return _state_labels().get(fold(label), "")


@cache
def _state_labels() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            found |= {fold(str(state.label)): state.value for state in ServiceState}
    return found


def _read_custom(column: FileColumn, cell: str, held: Held, known: Known) -> Any:
    try:
        return read_cell(column.custom, cell, held.country, month_first=known.month_first)
    except ValidationError as error:
        raise Wrong(" ".join(error.messages)) from error


_READERS: dict[Part, Callable[[FileColumn, str, Held, Known], Any]] = {
    Part.PERSON: _read_person,
    Part.CONTACTS: _read_contacts,
    Part.DAY: lambda column, cell, held, known: read.read_day(cell),
    Part.CUSTOM: _read_custom,
    Part.TAGS: _read_tags,
    Part.TERMS: _read_terms,
    Part.ACCESS: _read_access,
    Part.STATE: _read_state,
}
