"""Customers who share a document, an address or a phone with the one being typed (IC-4)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from caudal.apps.customers.contacts import read_phone, split
from caudal.apps.customers.models import Contact, Customer
from caudal.core.text import key

MOST = 5


@dataclass(frozen=True, slots=True)
class Duplicate:
    by: str
    """"document", "address" or "phone"."""
    customer: Customer


def find_duplicates(
    *,
    document: str = "",
    address: str = "",
    phone: str = "",
    country: str = "MX",
    besides: int | None = None,
) -> list[Duplicate]:
    """Up to five customers per key, archived ones too; `besides` is the customer being edited."""
    everyone = Customer.objects.exclude(pk=besides) if besides else Customer.objects.all()
    found = []
    for by, customers in _matches(everyone, document, address, phone, country):
        rows = customers.select_related("zone").order_by("-id")[:MOST]
        found += [Duplicate(by, customer) for customer in rows]
    return found


@dataclass(slots=True)
class Shared:
    """Who has the documents and phones of many people, asked of the database at once."""

    documents: dict[str, list[Customer]] = field(default_factory=lambda: defaultdict(list))
    phones: dict[str, list[Customer]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def among(cls, documents: Iterable[str], phones: Iterable[str]) -> "Shared":
        """`phones` as they are stored. Two queries, and up to five customers per key."""
        found = cls()
        keys = {document_key(number) for number in documents} - {""}
        holders = Customer.objects.filter(document_key__in=keys).annotate(
            place=Window(RowNumber(), partition_by=F("document_key"), order_by=F("id").desc())
        )
        for customer in holders.filter(place__lte=MOST).order_by("-id"):
            found.documents[customer.document_key].append(customer)
        rows = Contact.objects.filter(kind=Contact.Kind.PHONE, value__in=set(phones)).annotate(
            place=Window(RowNumber(), partition_by=F("value"), order_by=F("customer").desc())
        )
        for contact in rows.filter(place__lte=MOST).select_related("customer").order_by():
            found.phones[contact.value].append(contact.customer)
        return found

    def of(self, document: str, phones: Iterable[str]) -> list[Duplicate]:
        """As `find_duplicates` tells them, of one of these people."""
        same = self.documents.get(document_key(document), [])
        callers = {row.pk: row for phone in phones for row in self.phones.get(phone, ())}
        latest = sorted(callers.values(), key=lambda row: -row.pk)[:MOST]
        return [
            *(Duplicate("document", row) for row in same),
            *(Duplicate("phone", row) for row in latest),
        ]


def _matches(
    everyone: QuerySet[Customer], document: str, address: str, phone: str, country: str
) -> list[tuple[str, QuerySet[Customer]]]:
    matches = []
    if document_key(document):
        matches.append(("document", everyone.filter(document_key=document_key(document))))
    if len(key(address)) > 3:
        matches.append(("address", everyone.filter(address_key=key(address)[:250])))
    if phones := _phones(phone, country):
        has_phone = Contact.objects.filter(kind=Contact.Kind.PHONE, value__in=phones)
        matches.append(("phone", everyone.filter(Q(pk__in=has_phone.values("customer")))))
    return matches


def document_key(number: str) -> str:
    """A document as it is compared: letters and digits alone, upper case."""
    return key(number).upper()[:40]


def _phones(text: str, country: str) -> list[str]:
    numbers = []
    for part in split(text):
        try:
            numbers.append(read_phone(part, country))
        except ValidationError:
            continue
    return numbers
