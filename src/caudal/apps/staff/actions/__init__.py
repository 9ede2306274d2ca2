"""What changes the staff: accounts, sessions, roles and tokens."""

from caudal.apps.staff.actions.lists import choose_columns, use_shortcuts
from caudal.apps.staff.actions.roles import create_role, delete_role, edit_role
from caudal.apps.staff.actions.sessions import (
    close_session,
    close_sessions,
    end_sign_in,
    is_alive,
    move_sign_in,
    record_sign_in,
)
from caudal.apps.staff.actions.tokens import create_token, revoke_token, use_token
from caudal.apps.staff.actions.users import (
    create_user,
    edit_user,
    set_active,
    set_language,
    set_password,
)

__all__ = [
    "choose_columns",
    "close_session",
    "close_sessions",
    "create_role",
    "create_token",
    "create_user",
    "delete_role",
    "edit_role",
    "edit_user",
    "end_sign_in",
    "is_alive",
    "move_sign_in",
    "record_sign_in",
    "revoke_token",
    "set_active",
    "set_language",
    "set_password",
    "use_shortcuts",
    "use_token",
]
