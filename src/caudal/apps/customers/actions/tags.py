"""What happens to tags: defined, put on customers, taken away, archived."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from caudal.apps.customers.actions.archiving import set_archived
from caudal.apps.customers.models import Customer, Tag
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.core.text import fold

DEFINED = ["name", "color", "text"]


@transaction.atomic
def create_tag(*, actor: Actor, now: datetime, name: str, **defined: Any) -> Tag:
    """A new tag. Raises ValidationError by field."""
    return _define(actor, now, Tag(), {"name": name, **defined})


@transaction.atomic
def edit_tag(*, actor: Actor, now: datetime, tag: Tag, **defined: Any) -> Tag:
    """Another name, colour or meaning, for all who have it. Raises ValidationError by field."""
    tag.refresh_from_db(from_queryset=Tag.objects.select_for_update())
    return _define(actor, now, tag, defined)


@transaction.atomic
def archive_tag(*, actor: Actor, now: datetime, tag: Tag) -> bool:
    """Nobody new gets it. False where it is so already."""
    return set_archived(actor, now, tag, "tag.archive", now)


@transaction.atomic
def unarchive_tag(*, actor: Actor, now: datetime, tag: Tag) -> bool:
    """It can be chosen again."""
    return set_archived(actor, now, tag, "tag.unarchive", None)


@transaction.atomic
def set_tags(*, actor: Actor, now: datetime, customer: Customer, tags: Iterable[Tag]) -> bool:
    """Exactly these tags on the customer. False where he has them already."""
    Customer.objects.select_for_update().get(pk=customer.pk)
    before = _names(customer)
    customer.tags.set(tags)
    entry = record(
        actor,
        "customer.set_tags",
        customer,
        now=now,
        customer_id=customer.pk,
        before={"tags": before},
        after={"tags": _names(customer)},
    )
    return entry is not None


@transaction.atomic
def tags_named(*, actor: Actor, now: datetime, names: Iterable[str]) -> list[Tag]:
    """The tags of these names, whatever case and accents; what there is not yet is made."""
    known = {fold(tag.name): tag for tag in Tag.objects.all()}
    found: dict[str, Tag] = {}
    for name in names:
        key = fold(name)
        if key and key not in known:
            known[key] = create_tag(actor=actor, now=now, name=name[:60])
        if key:
            found[key] = known[key]
    return list(found.values())


def _define(actor: Actor, now: datetime, tag: Tag, defined: dict[str, Any]) -> Tag:
    before = snapshot(tag, DEFINED) if tag.pk else {}
    unknown = set(defined) - set(DEFINED)
    if unknown:
        raise TypeError(f"not to be defined: {sorted(unknown)}")
    for name, value in defined.items():
        setattr(tag, name, " ".join(value.split()))
    alike = Tag.objects.exclude(pk=tag.pk).values_list("name", flat=True)
    if fold(tag.name) in {fold(name) for name in alike}:
        raise ValidationError({"name": _("There is a tag of that name already.")})
    tag.full_clean(validate_unique=False)
    verb = "tag.edit" if tag.pk else "tag.create"
    tag.save()
    record(actor, verb, tag, now=now, before=before, after=snapshot(tag, DEFINED))
    return tag


def _names(customer: Customer) -> str:
    return "; ".join(customer.tags.values_list("name", flat=True))
