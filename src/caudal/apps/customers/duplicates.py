"""Customers who share a document, an address or a phone with the one being typed (IC-4)."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

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
