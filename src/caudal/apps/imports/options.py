"""What a person chooses once for a whole import."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Options:
    """Row numbers of what stands in where a row says nothing, and how far the import goes.

    `first_day` is the first one that is billed here: the system before has billed what is older.
    `pool` is the one whose addresses the router gives to PPPoE users without a fixed one.
    `adopt` allows routers' rows of the same name to become ours.
    """

    first_day: date
    zone: int | None = None
    router: int | None = None
    plan: int | None = None
    pool: int | None = None
    debts: bool = True
    adopt: bool = False
    month_first: bool = False

    def plain(self) -> dict[str, Any]:
        return asdict(self) | {"first_day": self.first_day.isoformat()}

    @classmethod
    def of(cls, plain: dict[str, Any]) -> "Options":
        return cls(**plain | {"first_day": date.fromisoformat(plain["first_day"])})
