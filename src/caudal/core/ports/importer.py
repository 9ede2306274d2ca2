"""What a file of another system may tell of a customer, and what reads it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Field(StrEnum):
    """What a column can mean to us."""

    SERVICE_KEY = "service_key"
    """What the other system calls the service: the row's identity at the next import."""
    CUSTOMER_KEY = "customer_key"
    """What it calls the customer: rows that share it are services of one customer."""
    CODE = "code"
    NAME = "name"
    SURNAMES = "surnames"
    FIRST_NAME = "first_name"
    SECOND_NAME = "second_name"
    FIRST_SURNAME = "first_surname"
    SECOND_SURNAME = "second_surname"
    NICKNAME = "nickname"
    PERSON_KIND = "person_kind"
    CUSTOMER_TYPE = "customer_type"
    DOCUMENT_TYPE = "document_type"
    DOCUMENT_NUMBER = "document_number"
    BUSINESS_ACTIVITY = "business_activity"
    CONTACT_PERSON = "contact_person"
    PHONES = "phones"
    MORE_PHONES = "more_phones"
    EMAILS = "emails"
    MORE_EMAILS = "more_emails"
    ZONE = "zone"
    ADDRESS = "address"
    STREET_1 = "street_1"
    STREET_2 = "street_2"
    NEIGHBOURHOOD = "neighbourhood"
    CITY = "city"
    PROVINCE = "province"
    POSTAL_CODE = "postal_code"
    POSITION = "position"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    MEDIUM = "medium"
    ANTENNA_MODEL = "antenna_model"
    ANTENNA_PASSWORD = "antenna_password"
    MODEM_DATA = "modem_data"
    RFID_CARD = "rfid_card"
    COMPANY = "company"
    LEGAL_ADDRESS = "legal_address"
    TAX_CONDITION = "tax_condition"
    TAX_NUMBER = "tax_number"
    INVOICE_TYPE = "invoice_type"
    IS_INVOICED = "is_invoiced"
    MAY_BE_CUT = "may_be_cut"
    MAY_BE_NOTIFIED = "may_be_notified"
    PAYMENT_METHOD = "payment_method"
    ELECTRONIC_PAYMENT_CODE = "electronic_payment_code"
    CONTRACT_SIGNED = "contract_signed"
    CONTRACT_TYPE = "contract_type"
    CONTRACT_EXPIRES_ON = "contract_expires_on"
    ADMIN_STATUS = "admin_status"
    REGISTERED_ON = "registered_on"
    PORTAL_USER = "portal_user"
    EXTRA_1 = "extra_1"
    EXTRA_2 = "extra_2"
    NOTES = "notes"
    MORE_NOTES = "more_notes"
    """Added to the notes with the column's name in front: nothing of the file is lost."""
    PAYMENT_DAY = "payment_day"
    PLAN = "plan"
    PRICE = "price"
    SPEED = "speed"
    STATE = "state"
    STARTED_ON = "started_on"
    CANCELLED_ON = "cancelled_on"
    ROUTER = "router"
    USERNAME = "username"
    PASSWORD = "password"
    IP_ADDRESS = "ip_address"
    LOCAL_ADDRESS = "local_address"
    MAC = "mac"
    SERVER = "server"
    """The HotSpot or DHCP server it comes through."""
    PREFIX = "prefix"
    """The customer's network of IPv6."""
    INTERFACE = "interface"
    """Where the router sees its MAC address."""
    DEBT = "debt"
    """What he owes on the day of the import; negative is in his favour."""
    CREDIT = "credit"
    """What he has in his favour; negative is owed."""


MANY = frozenset({Field.MORE_PHONES, Field.MORE_EMAILS, Field.MORE_NOTES})
"""What several columns may mean at once."""

AGAIN = {Field.PHONES: Field.MORE_PHONES, Field.EMAILS: Field.MORE_EMAILS}
"""What a second column of the same name means."""

SECRET = frozenset({Field.PASSWORD, Field.ANTENNA_PASSWORD})


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file: its number there, counted from 1, and its cells as text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as read. `encoding` and `separator` say how, for people; empty for spreadsheets."""

    header: tuple[str, ...]
    lines: tuple[Line, ...]
    encoding: str = ""
    separator: str = ""


class FileFault(StrEnum):
    """Why a file cannot be read at all."""

    EMPTY = "empty"
    NOT_A_TABLE = "not-a-table"
    BROKEN_WORKBOOK = "broken-workbook"
    PASSWORD = "password"
    TOO_MANY_ROWS = "too-many-rows"
    TOO_MANY_COLUMNS = "too-many-columns"
    TOO_LARGE = "too-large"
    NO_ROWS = "no-rows"
    WEB_PAGE = "web-page"


class FileError(ValueError):
    def __init__(self, fault: FileFault, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.detail = detail


Values = dict[str, str]
"""What one row says, by Field or by the name of a column of the operator's own, not empty."""


class Importer(Protocol):
    """What is peculiar to the files of one system."""

    columns: Mapping[str, Field]
    """Its columns' names, folded (`core.text.fold`), and what they mean."""

    def survey(self, rows: Iterable[Values]) -> frozenset[str]:
        """What must be known of the whole file before some of its rows can be understood.

        `rows` may be gone through more than once, and are never held all at once.
        """
        return frozenset()

    def tidy(self, rows: Sequence[Values], survey: frozenset[str] | None = None) -> list[Values]:
        """The same rows without what only that system would write. As many as came in.

        `survey` is that of the file that the rows are of; without it they are all of it.
        """
        return list(rows)
