"""What the search of customers looks into, and how typed words become a query."""

import re
from collections.abc import Iterable

from django.db.models import Q

from caudal.apps.customers.models import Contact, Customer
from caudal.core.text import digits, fold, key

LONGEST_QUERY = 100
_MAC = re.compile(r"[0-9a-f]{2}([:\-.]?[0-9a-f]{2}){5}")
_NUMBER = re.compile(r"[0-9()+\-./#]*[0-9][0-9()+\-./#]*")


def search_text(customer: Customer, contacts: Iterable[tuple[str, str]]) -> str:
    """What people type to find the customer, folded; contacts are (kind, value)."""
    values = [
        (digits(value) or value) if kind == Contact.Kind.PHONE else value
        for kind, value in contacts
    ]
    parts = [
        customer.code,
        customer.name,
        customer.nickname,
        customer.document_number,
        customer.document_key,
        customer.address,
        customer.neighbourhood,
        customer.city,
        customer.rfid_card,
        *values,
    ]
    return fold(" ".join(part for part in parts if part))


def matching(typed: str) -> Q:
    """Customers in whom every typed word is found, whatever the accents, case and phone format."""
    found = Q()
    for word in fold(typed[:LONGEST_QUERY]).split():
        found &= _has(word)
    return found


def _has(word: str) -> Q:
    spellings = {word}
    if _MAC.fullmatch(word):
        bare = key(word)
        spellings.add(":".join(bare[at : at + 2] for at in range(0, 12, 2)))
    found = Q()
    for spelling in spellings:
        found |= Q(search_text__contains=spelling) | Q(access_text__contains=spelling)
    number = digits(word)
    if number != word and len(number) > 1 and _NUMBER.fullmatch(word):
        found |= Q(search_text__contains=number)
    return found
