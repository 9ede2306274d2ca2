"""The next numbers of the documents of a company, each given once and without gaps."""

from caudal.apps.catalog.models import Company, Series

FIRST_PREFIX = {
    Series.Kind.FREE_INVOICE: "L-",
    Series.Kind.DEBIT_NOTE: "DX-",
    Series.Kind.CREDIT_NOTE: "CX-",
    Series.Kind.REFUND: "DEV-",
}
"""Of series that nobody has set up: an invoice and a free one must not share a number."""


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
