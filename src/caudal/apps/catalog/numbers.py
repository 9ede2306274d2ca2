"""The next numbers of the documents of a company, each given once and without gaps."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from caudal.apps.catalog.models import Company, Series
from caudal.apps.staff.models import JournalEntry

EDIT = "series.edit"
"""The act by which people change a series: its entries tell which numbers it left out."""

FIRST_PREFIX = {
    Series.Kind.FREE_INVOICE: "L-",
    Series.Kind.DEBIT_NOTE: "DX-",
    Series.Kind.CREDIT_NOTE: "CX-",
    Series.Kind.REFUND: "DEV-",
}
"""Of series that nobody has set up: an invoice and a free one must not share a number."""

ONE_SPACE = (
    {Series.Kind.INVOICE, Series.Kind.FREE_INVOICE},
    {Series.Kind.DEBIT_NOTE, Series.Kind.CREDIT_NOTE},
)
"""Kinds of document that must not share a number, as people read them side by side."""


@dataclass
class History:
    """What people did to a series: how far each prefix came, and which numbers it jumped over."""

    reached: dict[str, int] = field(default_factory=dict)
    """Prefix -> the number that would have come next when it was last in use."""
    jumps: list[tuple[str, int, int]] = field(default_factory=list)
    """(prefix, first number left out, next number given)."""

    def enter(self, prefix: str, number: int) -> None:
        """From here on the series gives `number` and those after it."""
        left = self.reached.get(prefix)
        if left is not None and left < number:
            self.jumps.append((prefix, left, number))
        self.reached[prefix] = number


def numbering_of(series: Series) -> History:
    """Of the series up to now."""
    found = History()
    for left, entered in reversed(list(_edits(series))):
        found.reached[left[0]] = left[1]
        found.enter(*entered)
    found.reached[series.prefix] = series.next_number
    return found


def _edits(series: Series) -> Iterator[tuple[tuple[str, int], tuple[str, int]]]:
    """(prefix, next number) before and after each act, the last act first.

    The journal keeps what an act changed; the rest stands in the name of the series after it.
    """
    entries = JournalEntry.objects.filter(
        verb=EDIT, subject_kind=Series._meta.label_lower, subject_id=series.pk
    )
    prefix = series.prefix
    for before, after, label in entries.order_by("-id").values_list(
        "before", "after", "subject_label"
    ):
        prefix = after.get("prefix", prefix)
        number = int(label.removeprefix(prefix))
        entered = (prefix, number)
        prefix = before.get("prefix", prefix)
        yield (prefix, int(before.get("next_number", number))), entered


def least_number(series: Series, prefix: str) -> int:
    """The first number that no document can have had with that prefix, of this series or of one
    that shares its numbers."""
    return max((known.reached.get(prefix, 1) for known in _neighbours(series)), default=1)


def _neighbours(series: Series) -> Iterator[History]:
    kinds = next((space for space in ONE_SPACE if series.kind in space), {series.kind})
    for each in Series.objects.filter(company=series.company_id, kind__in=kinds):
        yield numbering_of(each)


def take_number(company: Company, kind: Series.Kind | str) -> tuple[str, int]:
    """(prefix, number) for one document, e.g. ("A-", 102); a missing series begins at 1.

    Call it inside the transaction that writes the document: the series stays locked until that
    ends, and a rollback gives the number back, so numbers have neither gaps nor doubles.
    """
    return take_numbers(company, kind, 1)


def take_numbers(company: Company, kind: Series.Kind | str, count: int) -> tuple[str, int]:
    """(prefix, first number) of `count` >= 1 numbers in a row, as `take_number` gives one."""
    series, _ = Series.objects.select_for_update().get_or_create(
        company=company,
        kind=str(kind),
        defaults={"prefix": FIRST_PREFIX.get(Series.Kind(kind), "")},
    )
    first = series.next_number
    series.next_number = first + count
    series.save(update_fields=["next_number"])
    return series.prefix, first


def give_back_number(company: Company, kind: Series.Kind | str, prefix: str, number: int) -> bool:
    """Let the next document have this number, if it is the last that the series gave (RD-25)."""
    last = Series.objects.select_for_update().filter(
        company=company, kind=str(kind), prefix=prefix, next_number=number + 1
    )
    return last.update(next_number=number) == 1
