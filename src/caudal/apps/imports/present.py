"""What is here already of what some rows of a file speak of, asked of the database at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from caudal.apps.customers.actions.exchange import UNIQUE
from caudal.apps.customers.contacts import ContactData, keep_contacts
from caudal.apps.customers.duplicates import Shared
from caudal.apps.customers.models import Contact, Customer
from caudal.apps.imports.lookups import Lookups
from caudal.apps.imports.models import Origin
from caudal.apps.imports.records import Record
from caudal.apps.network import actions as network
from caudal.apps.network.models import Connection
from caudal.core import addressing


@dataclass(slots=True)
class Present:
    """Of a batch of rows: which came before, and what of theirs somebody has."""

    keys: set[str] = field(default_factory=set)
    """Of rows that this source has sent before."""
    people: dict[str, Customer] = field(default_factory=dict)
    """By what the other system calls him: who came with the first of his rows."""
    taken: set[tuple[str, str]] = field(default_factory=set)
    """(field of UNIQUE, value) that a customer has."""
    held: set[str] = field(default_factory=set)
    """Addresses, users and MACs of live connections, whatever their router."""
    shared: Shared = field(default_factory=Shared)
    given: Mapping[int, addressing.Pool] = field(default_factory=dict)
    """What the pools of the routers give to customers."""

    @classmethod
    def of(cls, records: Sequence[Record], source: str, lookups: Lookups) -> "Present":
        """A fixed few queries for any number of records."""
        origins = Origin.objects.filter(source=source)
        keys = origins.filter(key__in={record.key for record in records} - {""})
        pools = [pool for pools in lookups.pools.values() for pool in pools]
        return cls(
            set(keys.values_list("key", flat=True)),
            _customers(origins, {record.customer_key for record in records} - {""}),
            {each for name in UNIQUE for each in _taken(name, records)},
            _held(records),
            Shared.among(
                [str(record.customer.get("document_number", "")) for record in records],
                [phone for each in records for phone in phones_of(contacts_of(each, lookups))],
            ),
            network.given_by(pools),
        )

    def is_new(self, record: Record) -> bool:
        """Whether nobody and nothing of ours stands in the way of a new customer."""
        known = record.key in self.keys or record.customer_key in self.people
        if known or record.prefix:  # so rare that such a row may as well be taken for real
            return False
        held = {record.address, record.username, record.mac} & self.held
        return not held and not any((name, _once(record, name)) in self.taken for name in UNIQUE)

    def note(self, record: Record, customer: Customer | None) -> None:
        """A row of the batch was taken: those after it find what it brought."""
        if customer is not None and record.customer_key:
            self.people.setdefault(record.customer_key, customer)
        self.keys.add(record.key)
        self.taken |= {(name, _once(record, name)) for name in UNIQUE if _once(record, name)}
        self.held |= {record.address, record.username, record.mac} - {""}


def contacts_of(record: Record, lookups: Lookups) -> list[ContactData]:
    """How to reach who the record speaks of; nothing that was typed is lost."""
    company = lookups.company(record)
    country = company.country if company else ""
    return keep_contacts(record.phones, record.emails, country)


def phones_of(contacts: Iterable[ContactData]) -> list[str]:
    return [row.value for row in contacts if row.kind == Contact.Kind.PHONE]


def _customers(origins: "QuerySet[Origin]", keys: set[str]) -> dict[str, Customer]:
    rows = origins.filter(customer_key__in=keys).select_related("customer").order_by("-id")
    return {row.customer_key: row.customer for row in rows}


def _once(record: Record, name: str) -> str:
    return str(record.customer.get(name, "")).strip()


def _taken(name: str, records: Sequence[Record]) -> set[tuple[str, str]]:
    values = {_once(record, name) for record in records} - {""}
    rows = Customer.objects.filter(**{f"{name}__in": values})
    return {(name, value) for value in rows.order_by().values_list(name, flat=True)}


def _held(records: Sequence[Record]) -> set[str]:
    addresses = {record.address for record in records} - {""}
    users = {record.username for record in records} - {""}
    macs = {record.mac for record in records} - {""}
    wanted = Q(address__in=addresses) | Q(username__in=users) | Q(mac__in=macs)
    rows = Connection.objects.live().filter(wanted).order_by()
    found = rows.values_list("address", "username", "mac")
    return {text for row in found for text in row if text}
