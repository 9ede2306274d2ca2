"""The next number of a document of a company, given once and without gaps."""

from caudal.apps.catalog.models import Company, Series


def take_number(company: Company, kind: Series.Kind | str) -> tuple[str, int]:
    """(prefix, number) for one document, e.g. ("A-", 102); a missing series begins at 1.

    Call it inside the transaction that writes the document: the series stays locked until that
    ends, and a rollback gives the number back, so numbers have neither gaps nor doubles.
    """
    series, _ = Series.objects.select_for_update().get_or_create(company=company, kind=str(kind))
    number = series.next_number
    series.next_number = number + 1
    series.save(update_fields=["next_number"])
    return series.prefix, number
