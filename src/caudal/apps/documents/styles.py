"""How a company's documents look: paper, colour, what is shown, and its own words."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    INVOICE = "invoice", _("Invoice")
    FREE_INVOICE = "free_invoice", _("Free invoice")
    RECEIPT = "receipt", _("Receipt")
    REFUND = "refund", _("Refund receipt")
    STATEMENT = "statement", _("Statement")
    NOTE = "note", _("Debit or credit note")
    COUPON = "coupon", _("Payment coupon")
    REMINDER = "reminder", _("Reminder letter")
    TICKET = "ticket", _("Ticket")
    LIST = "list", _("Printable list")


class Paper(models.TextChoices):
    LETTER = "letter", _("Letter")
    A4 = "a4", "A4"
    HALF = "half", _("Half letter")
    TICKET80 = "ticket80", _("Ticket of 80 mm")
    TICKET58 = "ticket58", _("Ticket of 58 mm")


TICKETS = (Paper.TICKET80, Paper.TICKET58)


class Prices(models.TextChoices):
    AUTO = "auto", _("As they were agreed")
    NET = "net", _("Without tax")
    GROSS = "gross", _("With tax")


class Code(models.TextChoices):
    VERIFY = "verify", _("Proof that it is genuine")
    PAY = "pay", _("Payment link")
    NONE = "none", _("No QR code")


LETTER_COUNTRIES = frozenset(
    ["BO", "CA", "CL", "CO", "CR", "DO", "GT", "HN", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"]
)
HALF_PAGES = frozenset((Kind.RECEIPT, Kind.REFUND, Kind.NOTE))


@dataclass(frozen=True, slots=True)
class Style:
    """Every choice of the template screen; the defaults are good enough to be sent as they are."""

    paper: str = Paper.LETTER
    accent: str = "#0b4f5f"
    show_logo: bool = True
    show_words: bool = True
    show_why: bool = False
    show_previous: bool = False
    prices: str = Prices.AUTO
    qr: str = Code.VERIFY
    pay_link: str = ""
    """Such as https://pay.example/{code}?amount={amount}."""
    columns: tuple[str, ...] = ()
    """Keys of the columns to show, in order; empty: the usual ones."""
    heading: str = ""
    intro: str = ""
    terms: str = ""
    footer: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Own words for "party", "words" and the columns, by key."""

    def to_plain(self) -> dict[str, Any]:
        return asdict(self) | {"columns": list(self.columns), "labels": dict(self.labels)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any], kind: str, country: str = "") -> "Style":
        """Stored choices over the defaults of the kind; what no version knows is left out."""
        known = {each.name for each in fields(cls)}
        chosen = {"paper": usual_paper(kind, country)} | {
            name: value for name, value in plain.items() if name in known
        }
        return cls(**chosen | {"columns": tuple(chosen.get("columns", ()))})


def usual_paper(kind: str, country: str) -> str:
    """What printers of the country hold; receipts and notes take half of it."""
    if kind == Kind.TICKET:
        return Paper.TICKET80
    if kind in HALF_PAGES:
        return Paper.HALF
    return Paper.LETTER if country in LETTER_COUNTRIES or not country else Paper.A4
