"""One row by meaning -> typed values, with everything that could not be read said in words."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from caudal.apps.customers.fields import CUSTOM
from caudal.apps.customers.models import Customer, PersonKind
from caudal.apps.imports.words import field_label, told
from caudal.core import cells as read
from caudal.core.addressing import is_fake_release, parse_address
from caudal.core.cells import CellError, State
from caudal.core.ports.importer import Field, Values
from caudal.core.positions import read_position
from caudal.core.text import fold


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row; `stops` it, or is only worth a look."""

    field: str
    text: str
    stops: bool = True

    def plain(self) -> list[Any]:
        return [self.field, self.text, self.stops]


@dataclass(slots=True)
class Record:
    """What one row says. `customer` maps fields of Customer; zone, plan and router are names.

    None and empty mean that the row does not say.
    """

    key: str = ""
    customer_key: str = ""
    customer: dict[str, Any] = field(default_factory=dict)
    phones: str = ""
    emails: str = ""
    zone: str = ""
    company: str = ""
    tags: str = ""
    plan: str = ""
    router: str = ""
    price: Decimal | None = None
    payment_day: int | None = None
    state: State | None = None
    started_on: date | None = None
    cancelled_on: date | None = None
    username: str = ""
    password: str = ""
    address: str = ""
    local_address: str = ""
    mac: str = ""
    server: str = ""
    interface: str = ""
    prefix: str = ""
    debt: Decimal | None = None
    custom: dict[str, str] = field(default_factory=dict)
    """Code of a field of the operator's own -> the cell."""
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_wrong(self) -> bool:
        return any(problem.stops for problem in self.problems)

    @property
    def name(self) -> str:
        return str(self.customer.get("name", ""))


_TEXTS: dict[Field, str] = {
    field: name
    for field in (
        Field.CODE, Field.FIRST_NAME, Field.SECOND_NAME, Field.FIRST_SURNAME, Field.SECOND_SURNAME,
        Field.NICKNAME, Field.CUSTOMER_TYPE, Field.DOCUMENT_TYPE, Field.DOCUMENT_NUMBER,
        Field.BUSINESS_ACTIVITY, Field.CONTACT_PERSON, Field.ADDRESS, Field.STREET_1,
        Field.STREET_2, Field.NEIGHBOURHOOD, Field.CITY, Field.POSTAL_CODE, Field.ANTENNA_MODEL,
        Field.ANTENNA_PASSWORD, Field.MODEM_DATA, Field.RFID_CARD, Field.LEGAL_ADDRESS,
        Field.TAX_CONDITION, Field.TAX_NUMBER, Field.INVOICE_TYPE, Field.PAYMENT_METHOD,
        Field.ELECTRONIC_PAYMENT_CODE, Field.CONTRACT_TYPE, Field.PORTAL_USER, Field.EXTRA_1,
        Field.EXTRA_2,
    )
    for name in [field.value]
} | {Field.PROVINCE: "state"}  # fmt: skip
_SWITCHES = (
    Field.IS_INVOICED, Field.MAY_BE_CUT, Field.MAY_BE_NOTIFIED, Field.CONTRACT_SIGNED,
)  # fmt: skip
_NAME_PARTS = (
    Field.FIRST_NAME, Field.SECOND_NAME, Field.FIRST_SURNAME, Field.SECOND_SURNAME,
)  # fmt: skip
_KEYS = {
    Field.CODE: True, Field.SERVICE_KEY: True, Field.CUSTOMER_KEY: True,
    Field.DOCUMENT_NUMBER: False, Field.RFID_CARD: False,
}  # fmt: skip
"""What is known by, of which spreadsheets make numbers -> whether losing digits stops the row."""
_MEDIA = {
    "antena": Customer.Medium.ANTENNA,
    "inalambric": Customer.Medium.ANTENNA,
    "wireless": Customer.Medium.ANTENNA,
    "fibra": Customer.Medium.FIBRE,
    "ftth": Customer.Medium.FIBRE,
    "cable": Customer.Medium.CABLE,
    "utp": Customer.Medium.CABLE,
}
_PEOPLE = {"fisica": PersonKind.NATURAL, "juridica": PersonKind.LEGAL, "moral": PersonKind.LEGAL}

GROUPS: tuple[frozenset[Field], ...] = (
    frozenset({Field.NAME, Field.SURNAMES, Field.PERSON_KIND, Field.FIRST_NAME, Field.SECOND_NAME,
               Field.FIRST_SURNAME, Field.SECOND_SURNAME}),
    frozenset({Field.POSITION, Field.LATITUDE, Field.LONGITUDE}),
    frozenset({Field.NOTES, Field.MORE_NOTES}),
    frozenset({Field.PHONES, Field.MORE_PHONES, Field.EMAILS, Field.MORE_EMAILS}),
    frozenset({Field.STATE, Field.CANCELLED_ON, Field.IP_ADDRESS}),
)  # fmt: skip
"""Columns that are only understood together: where one changed all of them are read again."""


def read_record(values: Values, *, month_first: bool = False) -> Record:
    """Everything the row says. Never raises: what cannot be read becomes a problem."""
    row = {field: text for field, text in values.items() if not read.is_empty(text)}
    record = Record()
    reader = _Reader(row, record, month_first)
    _read_keys(reader, row)
    record.customer_key = row.get(Field.CUSTOMER_KEY, "")[:120]
    _refuse_what_is_no_customer(reader)
    _read_person(reader)
    _read_contacts(reader)
    _read_place(reader)
    _read_service(reader)
    _read_access(reader)
    _read_money(reader)
    record.customer["notes"] = _notes(reader)
    if not record.customer["notes"]:
        del record.customer["notes"]
    record.key = _identity(row, record)
    record.customer_key = record.customer_key or _customer_by_code(row, record)
    return record


@dataclass(slots=True)
class _Reader:
    row: Values
    record: Record
    month_first: bool
    leftovers: list[str] = field(default_factory=list)

    def take(self, field: Field, how: Callable[[str], Any], *, stops: bool) -> Any:
        """The cell read `how`, or None with a problem; what does not stop goes to the notes."""
        text = self.row.get(field)
        if text is None:
            return None
        try:
            return how(text)
        except CellError as error:
            self.record.problems.append(Problem(field, told(error), stops))
            if not stops:
                self.leftovers.append(f"{field_label(field)}: {text}")
            return None

    def date(self, text: str) -> date:
        return read.read_date(text, month_first=self.month_first)


_TOTALS = re.compile(r"(gran |sub ?)?total(es)?( (general|de) .*| general)?( ?[:=].*)?")


def _refuse_what_is_no_customer(reader: _Reader) -> None:
    """Sums below a table, and what formulas leave that failed."""
    first = next(iter(reader.row), None)
    if first is not None and _TOTALS.fullmatch(fold(reader.row[first])):
        text = _("“%(text)s”: this looks like a row of sums, not like a customer.")
        said = {"text": reader.row[first][:60]}
        reader.record.problems.append(Problem(first, text % said))
    for meaning, text in reader.row.items():
        if read.is_broken(text):
            told_of = _("“%(text)s” is what a formula leaves that failed.") % {"text": text}
            reader.record.problems.append(Problem(meaning, told_of))


def _read_keys(reader: _Reader, row: Values) -> None:
    """In the row itself: what it is known by is put together of them."""
    for meaning, stops in _KEYS.items():
        if meaning in row:
            found = reader.take(meaning, read.read_key, stops=stops)
            if found:
                row[meaning] = found
            else:
                del row[meaning]


def _read_person(reader: _Reader) -> None:
    row, data = reader.row, reader.record.customer
    data |= {name: row[meaning] for meaning, name in _TEXTS.items() if meaning in row}
    whole = [row.get(Field.NAME, ""), row.get(Field.SURNAMES, "")]
    parts = [row.get(meaning, "") for meaning in _NAME_PARTS]
    name = " ".join(" ".join(whole if any(whole) else parts).split())
    if name:
        data["name"] = name
    if kind := _person_kind(row, parts):
        data["person_kind"] = kind
    reader.record.tags = row.get(Field.ADMIN_STATUS, "")
    own = ((name, cell) for name, cell in row.items() if name.startswith(CUSTOM))
    reader.record.custom = {name.removeprefix(CUSTOM): cell for name, cell in own}
    _read_terms(reader)


def _person_kind(row: Values, parts: list[str]) -> str:
    """A natural person without his name parts stays of the other kind (WP-11, WP-12)."""
    said = fold(row.get(Field.PERSON_KIND, ""))
    kind = next((value for word, value in _PEOPLE.items() if word in said), "")
    lacking = kind == PersonKind.NATURAL and sum(map(bool, parts)) < 3
    return "" if lacking else kind


def _read_terms(reader: _Reader) -> None:
    data = reader.record.customer
    for meaning in _SWITCHES:
        said = reader.take(meaning, read.read_yes, stops=False)
        if said is not None:
            data[meaning.value] = said
    for meaning in (Field.REGISTERED_ON, Field.CONTRACT_EXPIRES_ON):
        day = reader.take(meaning, reader.date, stops=meaning is Field.REGISTERED_ON)
        if day is not None:
            data[meaning.value] = day


def _read_contacts(reader: _Reader) -> None:
    phones = [
        reader.take(meaning, read.read_phone_digits, stops=False)
        for meaning in (Field.PHONES, Field.MORE_PHONES)
    ]
    reader.record.phones = "; ".join(phone for phone in phones if phone)
    emails = [reader.row.get(meaning, "") for meaning in (Field.EMAILS, Field.MORE_EMAILS)]
    reader.record.emails = "; ".join(filter(None, emails))


def _read_place(reader: _Reader) -> None:
    row, record = reader.row, reader.record
    record.zone = row.get(Field.ZONE, "")
    record.company = row.get(Field.COMPANY, "")
    if Field.POSITION in row:
        found = read_position(row[Field.POSITION])
        if found:
            record.customer |= {"latitude": found.latitude, "longitude": found.longitude}
        else:
            text = _("“%(text)s” is not a position.") % {"text": row[Field.POSITION][:60]}
            record.problems.append(Problem(Field.POSITION, text, stops=False))
            reader.leftovers.append(f"{field_label(Field.POSITION)}: {row[Field.POSITION]}")
    else:
        degrees = [
            reader.take(meaning, read.read_degrees, stops=False)
            for meaning in (Field.LATITUDE, Field.LONGITUDE)
        ]
        if None not in degrees and any(degrees):
            record.customer |= dict(zip(("latitude", "longitude"), degrees, strict=True))
    medium = fold(row.get(Field.MEDIUM, ""))
    if medium:
        known = (value for word, value in _MEDIA.items() if word in medium)
        record.customer["medium"] = next(known, Customer.Medium.OTHER)


def _read_service(reader: _Reader) -> None:
    row, record = reader.row, reader.record
    record.plan = row.get(Field.PLAN, "")
    record.price = reader.take(Field.PRICE, read.read_amount, stops=True)
    if record.price is not None and record.price < 0:
        record.problems.append(Problem(Field.PRICE, _("The price cannot be negative.")))
    record.state = reader.take(Field.STATE, read.read_state, stops=True)
    record.started_on = reader.take(Field.STARTED_ON, reader.date, stops=True)
    record.cancelled_on = reader.take(Field.CANCELLED_ON, reader.date, stops=True)
    record.payment_day = reader.take(Field.PAYMENT_DAY, read.read_day, stops=True)
    if record.state is State.FREE:
        record.customer |= {
            "is_invoiced": False, "may_be_cut": False, "may_be_notified": False,
        }  # fmt: skip


def _read_access(reader: _Reader) -> None:
    row, record = reader.row, reader.record
    record.router = row.get(Field.ROUTER, "")
    record.username = row.get(Field.USERNAME, "")
    record.password = row.get(Field.PASSWORD, "")
    record.address = reader.take(Field.IP_ADDRESS, read.read_ip, stops=True) or ""
    record.local_address = reader.take(Field.LOCAL_ADDRESS, read.read_ip, stops=False) or ""
    record.mac = reader.take(Field.MAC, read.read_mac, stops=False) or ""
    record.server, record.interface = row.get(Field.SERVER, ""), row.get(Field.INTERFACE, "")
    record.prefix = row.get(Field.PREFIX, "")
    gone = record.state is State.CANCELLED
    if record.address and is_fake_release(parse_address(record.address), cancelled=gone):
        text = _("%(address)s is a mark of a released address: the service has none.")
        note = Problem(Field.IP_ADDRESS, text % {"address": record.address}, stops=False)
        record.problems.append(note)
        record.address = ""


def _read_money(reader: _Reader) -> None:
    debt = reader.take(Field.DEBT, read.read_amount, stops=True)
    credit = reader.take(Field.CREDIT, read.read_amount, stops=True)
    if debt is not None or credit is not None:
        reader.record.debt = (debt or Decimal(0)) - (credit or Decimal(0))


def _notes(reader: _Reader) -> str:
    told_ones = [reader.row.get(Field.NOTES, ""), reader.row.get(Field.MORE_NOTES, "")]
    return "\n".join(part for part in [*told_ones, *reader.leftovers] if part)


def _identity(row: Values, record: Record) -> str:
    """What tells this row from the others at the next import; empty where nothing does."""
    for meaning in (Field.SERVICE_KEY, Field.USERNAME, Field.CODE, Field.CUSTOMER_KEY):
        if row.get(meaning):
            return f"{meaning}:{row[meaning]}"[:120]
    if record.customer.get("document_number"):
        return f"document:{record.customer['document_number']}:{record.plan}"[:120]
    if record.name:
        return f"name:{fold(record.name)}:{fold(str(record.customer.get('address', '')))}"[:120]
    return ""


def _customer_by_code(row: Values, record: Record) -> str:
    """Rows with keys of their own and one code are services of one customer."""
    code = row.get(Field.CODE, "")
    if not code or record.key == f"{Field.CODE}:{code}"[:120]:
        return ""
    return f"{Field.CODE}:{code}:{fold(record.name)}"[:120]
