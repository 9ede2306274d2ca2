"""What a document says, before anybody decides how it looks: texts that are ready to be printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value; nothing is printed where the value is empty."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Amount:
    """A line of the totals; `ruled` draws a line under it, `small` is fine print."""

    label: str
    value: str
    strong: bool = False
    ruled: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column that the document can show; one that is not `usual` is left out unless asked."""

    key: str
    label: str
    is_number: bool = False
    usual: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by the keys of the columns, what stands under the first one, and the reasons.

    A cell "price" may have a twin "price_gross", printed when prices are shown with tax.
    """

    cells: Mapping[str, str]
    small: str = ""
    why: Sequence[str] = ()
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One document. All texts are plain: they reach the page as data, never as source."""

    title: str
    number: str = ""
    stamp: str = ""
    """Printed across the page: VOID, DELETED."""
    party_label: str = ""
    party: str = ""
    party_facts: Sequence[Fact] = ()
    facts: Sequence[Fact] = ()
    paragraphs: Sequence[str] = ()
    table_label: str = ""
    columns: Sequence[Column] = ()
    rows: Sequence[Row] = ()
    totals: Sequence[Amount] = ()
    totals_gross: Sequence[Amount] = ()
    """Instead of `totals` when prices are shown with tax; empty: the same."""
    is_gross: bool = False
    """Prices were agreed with tax: shown so unless the company wants them net."""
    asked_label: str = ""
    asked: str = ""
    """The amount that matters: to pay, received, owed."""
    asked_note: str = ""
    words: str = ""
    previous: Sequence[Amount] = ()
    """What was owed before this document, for companies that print it."""
    notes: Sequence[str] = ()
    link: str = ""
    """Where anybody can see that the document is genuine; what the QR code says."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Values for a payment link: number, code, amount, currency, document."""
