"""Every write of the customers room."""

from caudal.apps.customers.actions.calendar import set_own_calendar, set_payment_day
from caudal.apps.customers.actions.customers import (
    add_note,
    archive,
    change_code,
    check_edit,
    draft_customer,
    edit_customer,
    refresh_search_text,
    register_customer,
    set_portal_password,
    unarchive,
)
from caudal.apps.customers.actions.fields import (
    archive_field,
    create_field,
    edit_field,
    move_field,
    set_fields,
    unarchive_field,
)
from caudal.apps.customers.actions.services import (
    activate,
    add_service,
    cancel,
    change_plan,
    change_price,
    keep_suspended,
    lift,
    reactivate,
    suspend,
    touch,
)
from caudal.apps.customers.duplicates import Duplicate, find_duplicates

__all__ = [
    "Duplicate",
    "activate",
    "add_note",
    "add_service",
    "archive",
    "archive_field",
    "cancel",
    "change_code",
    "change_plan",
    "change_price",
    "check_edit",
    "create_field",
    "draft_customer",
    "edit_customer",
    "edit_field",
    "find_duplicates",
    "keep_suspended",
    "lift",
    "move_field",
    "reactivate",
    "refresh_search_text",
    "register_customer",
    "set_fields",
    "set_own_calendar",
    "set_payment_day",
    "set_portal_password",
    "suspend",
    "touch",
    "unarchive",
    "unarchive_field",
]
