"""When customers are notified: on-screen windows and reminders around the due date (CUT-7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from caudal.core.errors import ErrorCode, require_range


@dataclass(frozen=True, slots=True)
class NoticeWindow:
    """Days of the month, both included; first > last runs over the end of the month (25 to 5)."""

    first: int = 1
    last: int = 10

    def __post_init__(self) -> None:
        require_range(self.first, 1, 31, ErrorCode.DAY_OF_MONTH_OUT_OF_RANGE)
        require_range(self.last, 1, 31, ErrorCode.DAY_OF_MONTH_OUT_OF_RANGE)

    def contains(self, day: date) -> bool:
        if self.first <= self.last:
            return self.first <= day.day <= self.last
        return day.day >= self.first or day.day <= self.last


GENERAL_WINDOW = NoticeWindow()


@dataclass(frozen=True, slots=True)
class NoticeTerms:
    """A customer's own say: no notices at all, or a window of his own; gratis gets none."""

    wanted: bool = True
    gratis: bool = False
    own_window: NoticeWindow | None = None


def notifies(
    today: date, owed: Decimal, terms: NoticeTerms, general: NoticeWindow = GENERAL_WINDOW
) -> bool:
    """Whether a customer who owes `owed` on service invoices sees the notice on `today`."""
    if not terms.wanted or terms.gratis or owed <= 0:
        return False
    return (terms.own_window or general).contains(today)


def reminder_days(due: date, offsets: Iterable[int]) -> list[date]:
    """Days of the reminders of an invoice: -3 is three days before the due date, 2 two after."""
    return sorted({due + timedelta(days=offset) for offset in offsets})


def reminds(
    today: date, due: date, remaining: Decimal, offsets: Iterable[int], terms: NoticeTerms
) -> bool:
    """Whether an open service invoice is reminded of today; a settled one never is (GEN-4)."""
    if not terms.wanted or terms.gratis or remaining <= 0:
        return False
    return today in reminder_days(due, offsets)
