"""On whose behalf an action runs: a person of the staff or a part of the system."""

from dataclasses import dataclass

from caudal.apps.staff.models import User


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
