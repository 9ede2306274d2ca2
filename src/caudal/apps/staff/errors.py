"""What the staff room refuses."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from caudal.core.errors import RuleError
from caudal.web import errors


class StaffCode(StrEnum):
    NAME_TAKEN = "user-name-taken"
    NOT_YOURSELF = "not-yourself"
    LAST_OWNER = "last-owner"
    ROLE_IN_USE = "role-in-use"
    VERB_NOT_YOURS = "verb-not-yours"
    WRONG_PASSWORD = "wrong-password"
    WRONG_CODE = "wrong-code"
    BRANCH_IN_USE = "branch-in-use"
    NETWORK_NOT_READ = "network-not-read"


class StaffError(RuleError):
    """A refusal; `field` names the form's field that it is about, or is empty."""

    def __init__(self, code: StaffCode, field: str = "", **params: object) -> None:
        super().__init__(code, **params)
        self.field = field


errors.register(
    {
        StaffCode.NAME_TAKEN: _("There is already a user called {name}."),
        StaffCode.NOT_YOURSELF: _("You cannot take this away from yourself."),
        StaffCode.LAST_OWNER: _("Somebody must remain who may manage the staff."),
        StaffCode.ROLE_IN_USE: _("The role cannot be deleted: {count} people have it."),
        StaffCode.VERB_NOT_YOURS: _("A token cannot do more than its owner."),
        StaffCode.WRONG_PASSWORD: _("That is not your present password."),
        StaffCode.WRONG_CODE: _("That is not the code that the phone shows now."),
        StaffCode.BRANCH_IN_USE: _(
            "The branch cannot be deleted: zones, cash boxes or people belong to it."
        ),
        StaffCode.NETWORK_NOT_READ: _(
            "{text} is not an address or a network such as 203.0.113.0/24."
        ),
    }
)
