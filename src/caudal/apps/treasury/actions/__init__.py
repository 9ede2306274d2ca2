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

__all__ = [
    "ask_payment",
    "assign_gateway_payment",
    "create_gateway",
    "edit_gateway",
    "keep_address",
    "note_event",
    "postpone_event",
    "retry_event",
    "set_aside",
    "told_by",
    "work_off",
]
