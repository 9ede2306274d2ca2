"""Which customer and service each row of a file is about."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caudal.apps.customers.duplicates import document_key
from caudal.apps.customers.models import Customer, Service
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.updates.cells import is_same
from caudal.apps.updates.columns import OF_SERVICE, SERVICE_NUMBER, FileColumn
from caudal.apps.updates.held import Held, Person, people, services_by
from caudal.apps.updates.words import Wrong, told
from caudal.core.cells import CellError, is_empty, read_ip, read_key
from caudal.core.text import key as bare

LONGEST_NUMBER = 12
"""Keys of digits are looked for with leading zeros up to this length."""
ZEROS = "0*"
BY_SERVICE = frozenset({"username", "ip_address", "mac"})
MAY_BE_NUMBERS = frozenset({"code", "document_number", "username", "portal_user", "rfid_card"})
"""Keys that a spreadsheet takes for numbers where they are of digits: it drops their zeros."""
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """By the spelling of a key: who has it, with the service where the key is a service's."""

    people: Mapping[int, Person]
    by_text: Mapping[str, Sequence[tuple[int, int | None]]]

    def named(self, text: str, known_by: str) -> Sequence[tuple[int, int | None]]:
        """(customer, service or None) of everybody who may be meant.

        A number without leading zeros may have had some: then it is everybody's whose key is the
        same number. With its zeros it is as it was typed.
        """
        alike = self.by_text.get(spelled(text, known_by), ())
        if known_by in MAY_BE_NUMBERS and not text.startswith("0"):
            return alike or self.by_text.get(text, ())
        return self.by_text.get(text) or alike


def find(texts: Iterable[str], known_by: str, user: User) -> Found:
    """Everybody with these keys whom this person may see; a fixed few queries for any number."""
    wanted = {text.strip() for text in texts if not is_empty(text)}
    mine = visible(user, Customer.objects.all())
    by_text: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
    if known_by in BY_SERVICE:
        spellings = {each for text in wanted for each in _spellings(text, known_by)} - {""}
        for text, services in services_by(known_by, spellings).items():
            for name in {text, spelled(text, known_by)}:
                by_text[name] += [(row.customer_id, row.pk) for row in services]
    else:
        for text, pk in _customers(mine, known_by, wanted):
            by_text[text].append((pk, None))
    keys = {pk for pairs in by_text.values() for pk, _service in pairs}
    return Found(people(mine.filter(pk__in=keys)), by_text)


def held_by(values: Values, known_by: str, found: Found, columns: Iterable[FileColumn]) -> Held:
    """The row's customer and service. Raises Wrong where that cannot be told."""
    text = values.get(known_by, "").strip()
    if is_empty(text):
        raise Wrong(_("The row does not say which customer it is."))
    if known_by in MAY_BE_NUMBERS:
        _require_whole(text)
    pairs = [pair for pair in found.named(text, known_by) if pair[0] in found.people]
    if not pairs:
        raise Wrong(_("Nobody is known by “%(key)s”.") % {"key": text[:60]})
    if len(pairs) > 1:
        _refuse_number(text, known_by, [found.people[pk].customer for pk, _service in pairs])
        raise Wrong(
            _("More than one is known by “%(key)s”: add the column Code.") % {"key": text[:60]}
        )
    pk, service = pairs[0]
    person = found.people[pk]
    if person.customer.archived_at is not None:
        raise Wrong(_("He is archived: take him out of the archive first."))
    if service is not None:
        return Held(person, next(row for row in person.services if row.pk == service))
    return Held(person, _service(values, person, columns))


def _require_whole(text: str) -> None:
    try:
        read_key(text)
    except CellError as error:
        raise Wrong(told(error)) from error


def _refuse_number(text: str, known_by: str, people: Sequence[Customer]) -> None:
    """Say which keys with other zeros a number may stand for."""
    codes = sorted({person.code for person in people})
    if known_by == "code" and len(codes) > 1:
        why = _("“%(key)s” may be %(codes)s: write the code with its zeros, in a cell of text.")
        raise Wrong(why % {"key": text[:60], "codes": ", ".join(codes)})


def spelled(text: str, known_by: str) -> str:
    """As keys are compared: a number without its leading zeros is the same one."""
    text = text.strip()
    if known_by == "ip_address":
        return _address(text)
    if known_by == "mac":
        return ":".join(_pairs(text))
    if known_by in MAY_BE_NUMBERS:
        text = _plain(text, known_by)
        return f"{ZEROS}{text.lstrip('0')}" if text.isdecimal() else text
    return text


def _plain(text: str, known_by: str) -> str:
    """What a spreadsheet or a program wrote as 12.0 is 12; a document without its signs."""
    try:
        text = read_key(text)
    except CellError:
        return text  # the row says so
    return document_key(text) if known_by == "document_number" else text


def _address(text: str) -> str:
    """Nothing for what is none: a database would not even compare it."""
    try:
        return read_ip(text)
    except CellError:
        return ""


def _pairs(text: str) -> list[str]:
    plain = bare(text).upper()
    return [plain[at : at + 2] for at in range(0, len(plain), 2)]


def _customers(
    mine: QuerySet[Customer], known_by: str, texts: set[str]
) -> Iterator[tuple[str, int]]:
    """(key as `Found.named` asks for it, customer)."""
    column = "document_key" if known_by == "document_number" else known_by
    wanted = {each for text in texts for each in _spellings(text, known_by)} - {""}
    for text, pk in mine.filter(**{f"{column}__in": wanted}).values_list(column, "pk"):
        for name in {text, spelled(text, known_by)}:
            yield name, pk


def _spellings(text: str, known_by: str) -> list[str]:
    """How the database may have the key: a number with any leading zeros."""
    if known_by not in MAY_BE_NUMBERS:
        return [spelled(text, known_by)]
    plain = _plain(text, known_by)
    number = plain.lstrip("0")
    if not plain.isdecimal() or not number:
        return [plain]
    sizes = range(len(number), max(LONGEST_NUMBER, len(plain)) + 1)
    return [number.zfill(size) for size in sizes]


def _service(values: Values, person: Person, columns: Iterable[FileColumn]) -> Service | None:
    number = values.get(SERVICE_NUMBER, "")
    if not is_empty(number):
        for service in person.services:
            if is_same(number, service.number):
                return service
        raise Wrong(_("He has no service number %(number)s.") % {"number": number[:20]})
    if len(person.filed) == 1:
        return person.filed[0]
    asked = any(
        column.part in OF_SERVICE and not is_empty(values.get(column.key, "")) for column in columns
    )
    if not asked:
        return None
    many = len(person.filed)
    text = ngettext(
        "He has %(n)d service: add the column “Service number”.",
        "He has %(n)d services: add the column “Service number”.",
        many,
    )
    raise Wrong(text % {"n": many})
