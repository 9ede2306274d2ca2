"""What a bank's file may tell, and the errors that leave its readers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol


class Column(StrEnum):
    """What a column of a bank's table can mean to us."""

    DATE = "date"
    VALUE_DATE = "value_date"
    """Known so that nobody takes it for the date; it is not kept."""
    AMOUNT = "amount"
    CREDIT = "credit"
    DEBIT = "debit"
    SIGN = "sign"
    """Says of the one amount whether it came in or went out."""
    BALANCE = "balance"
    TEXT = "text"
    REFERENCE = "reference"
    PAYER = "payer"
    PAYER_ACCOUNT = "payer_account"
    BANK_ID = "bank_id"


class StatementFault(StrEnum):
    """Why a file, or one of its rows, cannot be read; screens hold one sentence for each."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    NOT_A_STATEMENT = "not-a-statement"
    FORBIDDEN_XML = "forbidden-xml"  # a document type or entities: nobody's bank sends them
    BROKEN = "broken"
    NO_DATE_COLUMN = "no-date-column"
    NO_AMOUNT_COLUMN = "no-amount-column"
    # of one row
    NO_DATE = "no-date"
    NO_AMOUNT = "no-amount"
    TWO_AMOUNTS = "two-amounts"
    NOT_BOOKED = "not-booked"


class StatementError(ValueError):
    """A file that holds no statement; the only error a reader raises.

    `header` names the columns of a table whose meaning a person has to say.
    """

    def __init__(
        self, fault: StatementFault, detail: str = "", header: tuple[str, ...] = ()
    ) -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.detail = detail
        self.header = header


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of an account: amounts above zero came in. `bank_id` is the bank's own name for it.

    `place` counts the rows of the file from 1.
    """

    place: int
    on: date
    amount: Decimal
    text: str = ""
    reference: str = ""
    payer: str = ""
    payer_account: str = ""
    bank_id: str = ""
    balance: Decimal | None = None
    """Of the account after it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that could not be read, with its cells as they came."""

    place: int
    fault: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read. Rows are in the file's order; none is dropped without a problem.

    `number` and `currency` are of the account, where the file says them.
    """

    movements: tuple[Movement, ...]
    problems: tuple[Problem, ...] = ()
    opening: Decimal | None = None
    closing: Decimal | None = None
    number: str = ""
    currency: str = ""
    header: tuple[str, ...] = ()
    meanings: tuple[str, ...] = ()
    """Of a table: for each column of the header the Column it was read as, or ""."""
    encoding: str = ""


class StatementReader(Protocol):
    """Reads one format."""

    def fits(self, content: bytes) -> bool:
        """Does it look like this format? Cheap, and never raises."""
        ...

    def read(self, content: bytes, columns: Mapping[str, str] | None = None) -> Reading:
        """Every movement. `columns`: header name -> Column, where the header says too little.

        Raises StatementError.
        """
        ...
