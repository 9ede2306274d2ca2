"""What people and the clock do to devices, alarms, outages and credits."""

from caudal.apps.monitoring.actions.credits import (
    approve_credits,
    post_approved,
    propose_credits,
    reject_credits,
)
from caudal.apps.monitoring.actions.devices import (
    save_device,
    save_rules,
    save_template,
    serve_through,
)
from caudal.apps.monitoring.actions.outages import (
    announce,
    begin_outage,
    cover_more,
    look_again,
)
from caudal.apps.monitoring.actions.recalls import (
    book_recalled,
    take_back_credits,
    void_outage,
)
from caudal.apps.monitoring.actions.rounds import (
    claim_due,
    claim_readings,
    note_readings,
    note_round,
)

__all__ = [
    "announce",
    "approve_credits",
    "begin_outage",
    "book_recalled",
    "claim_due",
    "claim_readings",
    "cover_more",
    "look_again",
    "note_readings",
    "note_round",
    "post_approved",
    "propose_credits",
    "reject_credits",
    "save_device",
    "save_rules",
    "save_template",
    "serve_through",
    "take_back_credits",
    "void_outage",
]
