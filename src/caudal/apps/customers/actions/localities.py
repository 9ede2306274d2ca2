"""Localities: kept by the operator one by one, or taken from a file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from caudal.apps.customers.models import Locality
from caudal.apps.customers.models.locality import PARTS
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.core.text import fold

BATCH = 1000
_WIDTHS = {field.name: field.max_length or 0 for field in Locality._meta.concrete_fields}
_LONGEST = [_WIDTHS[name] for name in PARTS]


@dataclass(frozen=True)
class Taken:
    """What came of a file: rows that are new, known already, and without a city or too long."""

    new: int
    known: int
    unread: int


@transaction.atomic
def save_locality(*, actor: Actor, now: datetime, locality: Locality) -> Locality:
    """Store a new or edited one. Raises ValidationError by field, or where it exists already."""
    old = Locality.objects.select_for_update().filter(pk=locality.pk).first()
    before = snapshot(old, list(PARTS)) if old else {}
    for name in PARTS:
        setattr(locality, name, " ".join(getattr(locality, name).split()))
    locality.search_text = _searched(locality)
    twins = Locality.objects.filter(**{name: getattr(locality, name) for name in PARTS})
    if twins.exclude(pk=locality.pk).exists():
        raise ValidationError({"city": _("This locality is in the table already.")})
    locality.full_clean(validate_unique=False, validate_constraints=False)
    locality.save()
    after = snapshot(locality, list(PARTS))
    record(actor, "locality.save", locality, now=now, before=before, after=after)
    return locality


@transaction.atomic
def remove_locality(*, actor: Actor, now: datetime, locality: Locality) -> None:
    """Offer it no more; addresses that were completed with it stay as they are."""
    record(actor, "locality.remove", locality, now=now, before=snapshot(locality, list(PARTS)))
    locality.delete()


def take_localities(
    *,
    actor: Actor,
    now: datetime,
    rows: Iterable[Mapping[str, str]],
    told: Callable[[int, int], None] = lambda done, planned: None,
) -> Taken:
    """Add those of a file that are not there yet; each row maps the four parts to texts.

    In batches, `told` how many of how many after each: broken off, the same file goes on from
    there, since what is there already stays as it is.
    """
    read, unread = _read(rows)
    waiting, new, done = iter(sorted(read)), 0, 0
    while batch := list(islice(waiting, BATCH)):
        new += _insert(batch)
        done += len(batch)
        told(done, len(read))
    first = Locality.objects.order_by("-id").first()
    if new and first is not None:
        record(actor, "locality.take", first, now=now, before={}, after={"rows": new})
    return Taken(new, len(read) - new, unread)


def _read(rows: Iterable[Mapping[str, str]]) -> tuple[set[tuple[str, ...]], int]:
    """The different localities, and how many rows are none."""
    read, unread = set(), 0
    for row in rows:
        parts = tuple(" ".join(row.get(name, "").split()) for name in PARTS)
        if _is_whole(parts):
            read.add(parts)
        else:
            unread += 1
    return read, unread


@transaction.atomic
def _insert(batch: Sequence[tuple[str, ...]]) -> int:
    before = Locality.objects.count()
    Locality.objects.bulk_create(map(_made, batch), ignore_conflicts=True)
    return Locality.objects.count() - before


def _made(parts: tuple[str, ...]) -> Locality:
    locality = Locality(**dict(zip(PARTS, parts, strict=True)))
    locality.search_text = _searched(locality)
    return locality


def _is_whole(parts: tuple[str, ...]) -> bool:
    fits = all(len(text) <= most for text, most in zip(parts, _LONGEST, strict=True))
    return bool(parts[PARTS.index("city")]) and fits


def _searched(locality: Locality) -> str:
    return fold(" ".join(getattr(locality, name) for name in PARTS))[:400]
