"""What a person wants to see in a list; it concerns nobody else, and so leaves no journal."""

from collections.abc import Sequence

from caudal.apps.staff.models import User


def choose_columns(*, user: User, listed: str, columns: Sequence[str]) -> None:
    """The columns of the list `listed` for this person, in order; none: the usual ones."""
    user.lists = {**user.lists, listed: list(columns)}
    if not columns:
        del user.lists[listed]
    user.save(update_fields=["lists"])


def use_shortcuts(*, user: User, on: bool) -> None:
    """Whether single keys of the keyboard do something for this person."""
    user.shortcuts = on
    user.save(update_fields=["shortcuts"])
