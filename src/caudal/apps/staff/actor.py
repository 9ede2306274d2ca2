"""On whose behalf an action runs: a person of the staff or a part of the system."""

from dataclasses import dataclass

from django.utils.translation import pgettext, pgettext_lazy

from caudal.apps.staff.models import User

PARTS = (
    pgettext_lazy("part of the system", "clock"),
    pgettext_lazy("part of the system", "create_owner"),
    pgettext_lazy("part of the system", "customer"),
    pgettext_lazy("part of the system", "demo"),
    pgettext_lazy("part of the system", "import"),
)


@dataclass(frozen=True)
class Actor:
    user: User | None
    name: str

    @classmethod
    def person(cls, user: User) -> "Actor":
        return cls(user, str(user))

    @classmethod
    def system(cls, part: str) -> "Actor":
        """`part` names what acts by itself, e.g. "clock", "import"."""
        return cls(None, part)


def actor_word(name: str) -> str:
    """What the screen calls who acted: a part of the system in words, a person by name."""
    return pgettext("part of the system", name) if name else ""
