"""Reading phones and e-mails as people type them: several in one box, in any format."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from caudal.apps.customers.models import Contact

LONGEST = 254


@dataclass(frozen=True, slots=True)
class ContactData:
    """One phone (E.164 where it can be one) or e-mail to keep with a customer."""

    kind: str
    value: str
    purpose: str = Contact.Purpose.MAIN
    label: str = ""


def split(text: str) -> list[str]:
    """Several in one box, as the known systems write them: "a; b, c" (IC-57, WP-44)."""
    return [part.strip() for part in re.split(r"[;,\n]", text) if part.strip()]


def read_phone(text: str, country: str) -> str:
    """E.164 of a number typed in `country`'s own way or with its international prefix (IW-5).

    The length must be one that the country uses; the numbering blocks in use change more often
    than our tables, so an unknown block is not refused. Raises ValidationError.
    """
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValidationError(
            _("“%(typed)s” is not a phone number. Write it with its area code, e.g. %(example)s."),
            code="phone",
            params={"typed": text[:40], "example": example_phone(country)},
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


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
    """The first of each kind is the main one, the rest are others (WP-43)."""
    rows = []
    for kind, values in ((Contact.Kind.PHONE, phones), (Contact.Kind.EMAIL, emails)):
        for position, value in enumerate(values):
            purpose = Contact.Purpose.OTHER if position else Contact.Purpose.MAIN
            rows.append(ContactData(kind, value, purpose))
    return rows


def keep_contacts(phones: str, emails: str, country: str) -> list[ContactData]:
    """For imports: what cannot be read as a phone or e-mail is kept as it was typed."""

    def phone(part: str) -> str:
        try:
            return read_phone(part, country)
        except ValidationError:
            return part[:LONGEST]

    return as_contacts(_each(split(phones), phone), dict.fromkeys(split(emails)))


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
