"""What changes the staff: accounts, sessions, roles and tokens."""

from caudal.apps.staff.actions.lists import choose_columns, use_shortcuts
from caudal.apps.staff.actions.roles import create_role, delete_role, edit_role
from caudal.apps.staff.actions.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    has_second_factor,
    remove_second_factor,
    renew_recovery_codes,
    take_code,
)
from caudal.apps.staff.actions.security import (
    delete_branch,
    note_confirmed,
    save_branch,
    set_security_rules,
)
from caudal.apps.staff.actions.sessions import (
    close_session,
    close_sessions,
    end_sign_in,
    living,
    move_sign_in,
    record_sign_in,
    see,
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
    "begin_second_factor",
    "choose_columns",
    "close_session",
    "close_sessions",
    "confirm_second_factor",
    "create_role",
    "create_token",
    "create_user",
    "delete_branch",
    "delete_role",
    "edit_role",
    "edit_user",
    "end_sign_in",
    "has_second_factor",
    "living",
    "move_sign_in",
    "note_confirmed",
    "record_sign_in",
    "remove_second_factor",
    "renew_recovery_codes",
    "revoke_token",
    "save_branch",
    "see",
    "set_active",
    "set_language",
    "set_password",
    "set_security_rules",
    "take_code",
    "use_shortcuts",
    "use_token",
]
