"""Issuing companies with their taxes and their series of numbers."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from caudal.apps.catalog.actions.items import write
from caudal.apps.catalog.checks import check_logo
from caudal.apps.catalog.errors import CatalogCode, CatalogError
from caudal.apps.catalog.models import Company, Series, Tax
from caudal.apps.catalog.numbers import EDIT, FIRST_PREFIX, ONE_SPACE, least_number
from caudal.apps.staff import journal
from caudal.apps.staff.actor import Actor

Numbers = Mapping[str, tuple[str, int]]
"""Kind of document -> (prefix, next number)."""


@transaction.atomic
def create_company(
    *,
    actor: Actor,
    now: datetime,
    taxes: Iterable[Tax] = (),
    series: Numbers | None = None,
    **fields: Any,
) -> Company:
    """A company that can issue every kind of document at once; series not given begin at 1."""
    return _save(Company(), fields, taxes, series or {}, actor, now)


@transaction.atomic
def edit_company(
    *,
    actor: Actor,
    now: datetime,
    company: Company,
    taxes: Iterable[Tax],
    series: Numbers | None = None,
    **fields: Any,
) -> Company:
    """Issued documents keep the name, numbers and taxes they were issued with."""
    return _save(company, fields, taxes, series or {}, actor, now)


def _save(
    company: Company,
    fields: dict[str, Any],
    taxes: Iterable[Tax],
    series: Numbers,
    actor: Actor,
    now: datetime,
) -> Company:
    logo = fields.get("logo")
    if logo and not getattr(logo, "_committed", False):
        check_logo(logo)
    write(company, fields, actor=actor, now=now)
    _set_taxes(company, taxes, actor, now)
    _check_prefixes(series)
    for kind in Series.Kind:
        prefix, number = series.get(kind, (None, None))
        _set_series(company, kind, prefix, number, actor, now)
    return company


def _set_taxes(company: Company, taxes: Iterable[Tax], actor: Actor, now: datetime) -> None:
    before = sorted(str(tax) for tax in company.taxes.all())
    company.taxes.set(taxes)
    after = sorted(str(tax) for tax in company.taxes.all())
    journal.record(
        actor, "company.taxes", company, now=now, before={"taxes": before}, after={"taxes": after}
    )


def _set_series(
    company: Company,
    kind: Series.Kind,
    prefix: str | None,
    number: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Numbers go on or jump ahead, never back, whatever prefixes there were between: the same one
    would come twice."""
    row, is_new = Series.objects.select_for_update().get_or_create(
        company=company, kind=kind, defaults={"prefix": FIRST_PREFIX.get(kind, "")}
    )
    if prefix is None or number is None:
        return
    if not is_new and number < (least := least_number(row, prefix)):
        raise CatalogError(CatalogCode.NUMBER_GOES_BACK, f"{kind}_next", least=least)
    before = journal.snapshot(row, ["prefix", "next_number"])
    row.prefix, row.next_number = prefix, number
    row.save(update_fields=["prefix", "next_number"])
    after = journal.snapshot(row, ["prefix", "next_number"])
    journal.record(actor, EDIT, row, now=now, before=before, after=after)


def _check_prefixes(series: Numbers) -> None:
    for space in ONE_SPACE:
        one, other = (kind for kind in Series.Kind if kind in space)
        if one in series and other in series and series[one][0] == series[other][0]:
            raise CatalogError(CatalogCode.PREFIX_SHARED, f"{other}_prefix")
