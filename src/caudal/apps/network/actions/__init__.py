"""Every write of the network room that a person causes."""

from caudal.apps.network.actions.addresses import free_addresses, taken_addresses, taken_on
from caudal.apps.network.actions.blocks import remove_block, save_block
from caudal.apps.network.actions.connections import (
    connect,
    edit_connection,
    mark_dirty,
    move,
    refresh_access_text,
    release,
    return_address,
)
from caudal.apps.network.actions.plans import notice_plan_changes
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

__all__ = [
    "accept_serial",
    "approve_cuts",
    "connect",
    "edit_connection",
    "free_addresses",
    "freeze",
    "mark_dirty",
    "move",
    "notice_plan_changes",
    "refresh_access_text",
    "release",
    "remove_block",
    "request_pass",
    "return_address",
    "save_block",
    "save_pool",
    "save_router",
    "save_site",
    "save_zone",
    "taken_addresses",
    "taken_on",
    "unfreeze",
]
