"""Every write of the treasury."""

from caudal.apps.treasury.actions.arrivals import (
    assign_gateway_payment,
    set_aside,
    work_off,
)
from caudal.apps.treasury.actions.gateways import (
    ask_payment,
    create_gateway,
    edit_gateway,
    keep_address,
    note_event,
    postpone_event,
    retry_event,
    told_by,
)
from caudal.apps.treasury.actions.matching import (
    Share,
    accept,
    accept_many,
    assign,
    fingerprint,
    ignore,
    link_payment,
    reopen,
    undo_batch,
)
from caudal.apps.treasury.actions.reports import (
    approve_report,
    customer_of,
    other_reports_of,
    reject_report,
    report_payment,
    report_token,
    twins_of,
)
from caudal.apps.treasury.actions.statements import (
    create_bank_account,
    edit_bank_account,
    take_statement,
)

__all__ = [
    "Share",
    "accept",
    "accept_many",
    "approve_report",
    "ask_payment",
    "assign",
    "assign_gateway_payment",
    "create_bank_account",
    "create_gateway",
    "customer_of",
    "edit_bank_account",
    "edit_gateway",
    "fingerprint",
    "ignore",
    "keep_address",
    "link_payment",
    "note_event",
    "other_reports_of",
    "postpone_event",
    "reject_report",
    "reopen",
    "report_payment",
    "report_token",
    "retry_event",
    "set_aside",
    "take_statement",
    "told_by",
    "twins_of",
    "undo_batch",
    "work_off",
]
