"""What a payment gateway must be able to do, the notices it sends, and the errors that leave it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, runtime_checkable


class PaymentStatus(StrEnum):
    """What became of a payment at the gateway."""

    PENDING = "pending"
    REJECTED = "rejected"
    APPROVED = "approved"
    REFUNDED = "refunded"
    CHARGED_BACK = "charged_back"


_RANK = {
    PaymentStatus.PENDING: 1,
    PaymentStatus.REJECTED: 2,
    PaymentStatus.APPROVED: 3,
    PaymentStatus.REFUNDED: 4,
    PaymentStatus.CHARGED_BACK: 4,
}


def moves_forward(before: str, after: str) -> bool:
    """PAY-6: a payment never goes back, whatever order its notices come in; "" is before all.

    Money that was given back stays given back: a late "approved" does not bring it again.
    """
    old = _RANK[PaymentStatus(before)] if before else 0
    return _RANK[PaymentStatus(after)] > old


class GatewayFault(StrEnum):
    """Why a notice or a request was not taken; stored and translated on screens."""

    FORGED = "forged"  # signature missing or wrong, or too old
    MALFORMED = "malformed"  # signed, but not what the gateway's documentation describes
    UNREACHABLE = "unreachable"
    LOGIN_REFUSED = "login-refused"
    NOT_FOUND = "not-found"
    REFUSED = "refused"
    BAD_CONFIG = "bad-config"


class GatewayError(Exception):
    """The only error a gateway raises; `detail` never holds our credentials.

    `permanent`: trying again without a person is no use.
    """

    def __init__(self, fault: GatewayFault, *, permanent: bool = False, detail: str = "") -> None:
        super().__init__(f"{fault}: {detail}" if detail else str(fault))
        self.fault = fault
        self.permanent = permanent
        self.detail = detail


@dataclass(frozen=True, slots=True)
class RawNotice:
    """A request as it came in: its bytes, its headers by lower-case name, its query."""

    body: bytes
    headers: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paid:
    """What the gateway says of one payment.

    `reference` is what we gave the gateway to name a link, a customer or his electronic code.
    `refunded` is how much of `amount` was given back so far.
    """

    payment_id: str
    status: PaymentStatus
    amount: Decimal
    currency: str
    reference: str = ""
    paid_at: datetime | None = None
    refunded: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that is genuine. `event_id` is the same at every repeat of it.

    Without `paid` the gateway only said that `payment_id` changed, and has to be asked. Without
    `payment_id` it concerns no payment.
    """

    event_id: str
    payment_id: str
    paid: Paid | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """What a customer is asked to pay; `reference` comes back with the payment."""

    reference: str
    title: str
    amount: Decimal
    currency: str
    notify_url: str = ""
    """Where the gateway is to send its notices."""


class Gateway(Protocol):
    """One account at one gateway."""

    def verify(self, raw: RawNotice, now: datetime) -> Notice:
        """The notice, if the gateway sent it. Raises GatewayError FORGED or MALFORMED."""
        ...


@runtime_checkable
class Fetches(Protocol):
    """Can tell the present state of a payment."""

    def fetch(self, payment_id: str) -> Paid:
        """Raises GatewayError."""
        ...


@runtime_checkable
class Links(Protocol):
    """Can make an address at which a customer pays."""

    def link(self, ask: Ask) -> str:
        """Raises GatewayError."""
        ...


@runtime_checkable
class Checks(Protocol):
    """Can try its settings without moving money."""

    def check(self) -> str:
        """The name of the account that answered. Raises GatewayError."""
        ...
