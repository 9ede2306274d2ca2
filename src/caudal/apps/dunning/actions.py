"""Every write of the dunning room."""

from caudal.apps.dunning.cuts import cut_judged, cut_overdue
from caudal.apps.dunning.following import follow_promises
from caudal.apps.dunning.outcomes import live_promise, see_alert
from caudal.apps.dunning.promises import promise
from caudal.apps.dunning.restoring import (
    keep_suspended,
    restore_by_hand,
    restore_cleared,
    restore_paid,
    waive,
)

__all__ = [
    "cut_judged",
    "cut_overdue",
    "follow_promises",
    "keep_suspended",
    "live_promise",
    "promise",
    "restore_by_hand",
    "restore_cleared",
    "restore_paid",
    "see_alert",
    "waive",
]
