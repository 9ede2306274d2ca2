"""Reading phones and e-mails as people type them: several in one box, in any format."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from caudal.apps.customers.models import Contact
from caudal.core.text import digits

LONGEST = 254
_MX_OLD = re.compile(r"(?:044|045|01|521)(\d{10})")
MOST = 20
"""Phones, or e-mails, of one customer."""
PURPOSES = {
    Contact.Kind.PHONE: tuple(Contact.Purpose),
    Contact.Kind.EMAIL: tuple(each for each in Contact.Purpose if each != Contact.Purpose.WHATSAPP),
}
"""What each kind may be for."""


@dataclass(frozen=True, slots=True)
class ContactData:
    """One phone (E.164 where it can be one) or e-mail to keep with a customer.

    An empty purpose is the one it has already; a new one is the main one where there is no other.
    """

    kind: str
    value: str
    purpose: str = ""
    label: str = ""


def split(text: str) -> list[str]:
    """Several in one box, as the known systems write them: "a; b, c" (IC-57, WP-44)."""
    return [part.strip() for part in re.split(r"[;,\n]", text) if part.strip()]


def read_phone(text: str, country: str) -> str:
    """E.164 of a number typed in `country`'s own way or with its international prefix (IW-5).

    The length must be one that the country uses, area code and all; the numbering blocks in use
    change more often than our tables, so an unknown block is not refused. Raises ValidationError.
    """
    number = _parsed(text, country)
    if number is None:
        raise ValidationError(
            _("“%(typed)s” is not a phone number. Write it with its area code, e.g. %(example)s."),
            code="phone",
            params={"typed": text[:40], "example": example_phone(country)},
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def extension_of(text: str, country: str) -> str:
    """The extension in "55 1234 5678 ext. 12", which E.164 has no place for; "" without one."""
    number = _parsed(text, country)
    return (number.extension or "") if number else ""


def read_email(text: str) -> str:
    """The address as typed, checked; customers may share one (WP-45). Raises ValidationError."""
    try:
        validate_email(text)
    except ValidationError:
        raise ValidationError(
            _("“%(typed)s” is not an e-mail address."), code="email", params={"typed": text[:60]}
        ) from None
    return text


def read_phones(text: str, country: str) -> list[str]:
    """Every phone of the box, each once; raises ValidationError with all that is wrong."""
    return _each(split(text), lambda part: read_phone(part, country))


def read_emails(text: str) -> list[str]:
    """Every e-mail of the box, each once; raises ValidationError with all that is wrong."""
    return _each(split(text), read_email)


def as_contacts(phones: Iterable[str], emails: Iterable[str]) -> list[ContactData]:
    """The first of each kind is the main one (WP-43); what the rest are for stays as it was."""
    rows = []
    for kind, values in ((Contact.Kind.PHONE, phones), (Contact.Kind.EMAIL, emails)):
        for position, value in enumerate(values):
            purpose = "" if position else Contact.Purpose.MAIN
            rows.append(ContactData(kind, value, purpose))
    return rows


def read_rows(
    kind: str, rows: Sequence[ContactData], country: str, held: Mapping[str, str] | None = None
) -> list[ContactData]:
    """Boxes as typed, each with what it is for; a box may hold several. Each value once.

    `held` maps what a box shows to what is stored: what did not change passes as it is. Raises
    ValidationError with all that is wrong.
    """
    found: dict[str, ContactData] = {}
    errors: list[ValidationError] = []
    stored = held or {}
    for row in rows:
        for part in [row.value] if row.value in stored else split(row.value):
            try:
                one = _read_one(kind, part, row, country, stored)
            except ValidationError as error:
                errors.append(error)
            else:
                found.setdefault(one.value, one)
    if len(found) > MOST:
        errors.append(ValidationError(_("At most %(most)s.") % {"most": MOST}, code="many"))
    if errors:
        raise ValidationError(errors)
    return list(found.values())


def with_purposes(
    rows: Iterable[ContactData], held: dict[tuple[str, str], tuple[str, str]]
) -> list[ContactData]:
    """Every row with a purpose and at most one main one of each kind.

    `held` is what is stored: (kind, value) -> (purpose, label).
    """
    known = [_as_held(row, held) for row in rows]
    named = {row.kind for row in known if row.purpose == Contact.Purpose.MAIN}
    mains: set[str] = set()
    done = []
    for row in known:
        purpose = row.purpose
        if purpose == Contact.Purpose.MAIN or not (purpose or row.kind in named):
            purpose = Contact.Purpose.OTHER if row.kind in mains else Contact.Purpose.MAIN
            mains.add(row.kind)
        done.append(replace(row, purpose=str(purpose or Contact.Purpose.OTHER)))
    return done


def _as_held(row: ContactData, held: dict[tuple[str, str], tuple[str, str]]) -> ContactData:
    purpose, label = held.get((row.kind, row.value), ("", ""))
    if row.purpose:
        return row
    return replace(row, purpose=purpose, label=row.label or label)


def _read_one(
    kind: str, part: str, row: ContactData, country: str, held: Mapping[str, str]
) -> ContactData:
    if part in held:
        return replace(row, kind=kind, value=held[part])
    if kind == Contact.Kind.EMAIL:
        return replace(row, kind=kind, value=read_email(part))
    label = row.label
    if extension := extension_of(part, country):
        said = f"ext. {extension}"
        label = label if said in label else f"{label} {said}".strip()
    return replace(row, kind=kind, value=read_phone(part, country), label=label)


def keep_contacts(phones: str, emails: str, country: str) -> list[ContactData]:
    """For imports: what cannot be read as a phone or e-mail is kept as it was typed."""

    def phone(part: str) -> str:
        try:
            return read_phone(part, country)
        except ValidationError:
            return part[:LONGEST]

    mails = dict.fromkeys(part[:LONGEST] for part in split(emails))
    return as_contacts(_each(split(phones), phone), mails)


def example_phone(country: str) -> str:
    """A mobile number of the country as people there write it."""
    number = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    if number is None:
        return "+52 55 1234 5678"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def show_phone(value: str, country: str) -> str:
    """A stored phone as people of `country` read it; what is not E.164 comes back as it is."""
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        return value
    national = phonenumbers.region_code_for_country_code(number.country_code or 0) == country
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, style.NATIONAL if national else style.INTERNATIONAL)


def _parsed(text: str, country: str) -> phonenumbers.PhoneNumber | None:
    """The number, whole and possible; as people wrote Mexican mobiles before 2019 too."""
    spellings = [text]
    if country == "MX" or text.lstrip().startswith("+52"):
        # 044, 045 and 01 were dialled before the ten digits, and a 1 after +52.
        plain = digits(text)
        spellings += [f"+52{found[1]}" for found in [_MX_OLD.fullmatch(plain)] if found]
    for spelling in spellings:
        try:
            number = phonenumbers.parse(spelling, country)
        except phonenumbers.NumberParseException:
            continue
        reason = phonenumbers.is_possible_number_with_reason(number)
        if reason == phonenumbers.ValidationResult.IS_POSSIBLE:
            return number
    return None


def _each(parts: Iterable[str], read: Callable[[str], str]) -> list[str]:
    found: dict[str, None] = {}
    errors: list[ValidationError] = []
    for part in parts:
        try:
            found[read(part)] = None
        except ValidationError as error:
            errors.append(error)
    if errors:
        raise ValidationError(errors)
    return list(found)
