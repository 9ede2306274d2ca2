"""Tables of the treasury: what arrived from outside, and what became of it."""

from caudal.apps.treasury.models.gateway import (
    Gateway,
    GatewayEvent,
    GatewayPayment,
    PaymentLink,
)
from caudal.apps.treasury.models.report import ReportedPayment
from caudal.apps.treasury.models.statement import (
    Assignment,
    BankAccount,
    BankLine,
    BankStatement,
    MatchBatch,
)

__all__ = [
    "Assignment",
    "BankAccount",
    "BankLine",
    "BankStatement",
    "Gateway",
    "GatewayEvent",
    "GatewayPayment",
    "MatchBatch",
    "PaymentLink",
    "ReportedPayment",
]
