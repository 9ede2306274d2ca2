"""Every write of the network room that a person causes."""

from caudal.apps.network.actions.addresses import free_addresses, taken_addresses, taken_on
from caudal.apps.network.actions.blocks import given_by, remove_block, save_block
from caudal.apps.network.actions.connections import (
    check_connect,
    connect,
    edit_connection,
    exchanging,
    mark_dirty,
    move,
    refresh_access_text,
    release,
    return_address,
)
from caudal.apps.network.actions.decisions import (
    decide,
    forget,
    last_reading,
    undo,
    undo_pass,
    undoable,
)
from caudal.apps.network.actions.neighbours import Imported, import_neighbours
from caudal.apps.network.actions.plans import notice_plan_changes
from caudal.apps.network.actions.reminders import remind, stop_reminding
from caudal.apps.network.actions.removal import remove_connection
from caudal.apps.network.actions.routers import (
    accept_serial,
    approve_cuts,
    freeze,
    request_pass,
    save_pool,
    save_router,
    save_site,
    save_zone,
    unfreeze,
)
from caudal.apps.network.actions.rules import cut_rules, note_rules, save_cut_rules
from caudal.apps.network.actions.safety import (
    ceiling,
    cuts_left,
    is_stopped,
    resume_all,
    safety,
    set_ceiling,
    stop_all,
    take_cuts,
)

__all__ = [
    "Imported",
    "accept_serial",
    "approve_cuts",
    "ceiling",
    "check_connect",
    "connect",
    "cut_rules",
    "cuts_left",
    "decide",
    "edit_connection",
    "exchanging",
    "forget",
    "free_addresses",
    "freeze",
    "given_by",
    "import_neighbours",
    "is_stopped",
    "last_reading",
    "mark_dirty",
    "move",
    "note_rules",
    "notice_plan_changes",
    "refresh_access_text",
    "release",
    "remind",
    "remove_block",
    "remove_connection",
    "request_pass",
    "resume_all",
    "return_address",
    "safety",
    "save_block",
    "save_cut_rules",
    "save_pool",
    "save_router",
    "save_site",
    "save_zone",
    "set_ceiling",
    "stop_all",
    "stop_reminding",
    "take_cuts",
    "taken_addresses",
    "taken_on",
    "undo",
    "undo_pass",
    "undoable",
    "unfreeze",
]
