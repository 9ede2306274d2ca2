"""A shadow month beside the other system: what both invoiced, customer by customer."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F

from caudal.apps.customers.models import Customer
from caudal.apps.runs.models import Run, RunRow
from caudal.core.cells import is_plain
from caudal.core.errors import RuleError
from caudal.core.money import ZERO
from caudal.core.text import key
from caudal.store.money import total

LARGEST = 20 * 1024 * 1024
"""Bytes of a file: a line per customer of the largest provider is a tenth of it."""


@dataclass(frozen=True)
class Compared:
    """One customer in both systems; None where a system did not invoice him."""

    name: str
    ours: Decimal | None
    theirs: Decimal | None

    @property
    def verdict(self) -> str:
        if self.ours is None:
            return "missing"
        if self.theirs is None:
            return "extra"
        return "equal" if self.ours == self.theirs else "different"


def compare_month(month: date, theirs: Iterable[tuple[str, Decimal]]) -> list[Compared]:
    """Differences first. `theirs` are (customer's code or document, amount), summed by customer."""
    ours = _ours(month)
    known = _known()
    sums: dict[int | str, Decimal] = {}
    for who, amount in theirs:
        one = known.get(key(who), who)
        sums[one] = sums.get(one, ZERO) + amount
    names = _names([pk for pk in ours.keys() | sums.keys() if isinstance(pk, int)])
    found = [
        Compared(
            names.get(one, str(one)) if isinstance(one, int) else one,
            ours.get(one) if isinstance(one, int) else None,
            sums.get(one),
        )
        for one in [*ours, *(one for one in sums if one not in ours)]
    ]
    order = ("different", "missing", "extra", "equal")
    return sorted(found, key=lambda each: (order.index(each.verdict), each.name))


def read_amounts(content: bytes) -> Iterator[tuple[str, Decimal]]:
    """Lines of a CSV file; a heading, if any, is skipped. Raises RuleError "csv-not-read"."""
    if len(content) > LARGEST:
        raise RuleError("csv-not-read", line=0)
    text = _text(content)
    delimiter = max(",;\t", key=text[:2000].count)
    for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
        cells = [cell.strip() for cell in row]
        if len(cells) < 2 or not cells[0]:
            continue
        amount = _amount(cells[-1])
        if amount is None and number > 1:
            raise RuleError("csv-not-read", line=number)
        if amount is not None:
            yield cells[0], amount


def _amount(text: str) -> Decimal | None:
    """1,234.50 and 1.234,50 alike: the last sign with two digits or fewer after it is the point."""
    plain = text.replace("$", "").replace(" ", "")
    whole, point, cents = plain.rpartition("." if plain.rfind(".") > plain.rfind(",") else ",")
    if point and len(cents) <= 2:
        plain = whole.replace(",", "").replace(".", "") + "." + cents
    else:
        plain = plain.replace(",", "").replace(".", "")
    return Decimal(plain) if is_plain(plain) else None


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _ours(month: date) -> dict[int, Decimal]:
    """What the shadow creations of the month would have invoiced, by customer."""
    rows = RunRow.objects.filter(
        run__kind=Run.Kind.CREATE,
        run__is_shadow=True,
        run__status=Run.Status.DONE,
        run__on__year=month.year,
        run__on__month=month.month,
        action=RunRow.Action.ISSUE,
        status=RunRow.Status.SHADOW,
    )
    sums = rows.order_by().values_list(F("customer_id")).annotate(sum=total("amount"))
    return dict(sums)


def _known() -> dict[str, int]:
    """Codes and documents, as people write them, to customers; codes win."""
    rows = list(Customer.objects.values_list("pk", "code", "document_number"))
    found = {key(document): pk for pk, _code, document in rows if document}
    return found | {key(code): pk for pk, code, _document in rows}


def _names(ids: list[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for at in range(0, len(ids), 5000):
        rows = Customer.objects.filter(pk__in=ids[at : at + 5000])
        found |= {pk: f"{code} {name}" for pk, code, name in rows.values_list("pk", "code", "name")}
    return found
