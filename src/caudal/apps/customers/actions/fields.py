"""What happens to the operator's own fields: defined, ordered, archived, and filled in."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from caudal.apps.customers.actions.archiving import set_archived
from caudal.apps.customers.fields import Value, plain, values_of
from caudal.apps.customers.models import (
    LISTED,
    Customer,
    CustomField,
    FieldChoice,
    FieldKind,
    FieldValue,
)
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import SECRET, record
from caudal.apps.staff.models import Role
from caudal.core.text import ascii_fold, fold
from caudal.store.order import move

DEFINED = ("name", "help_text", "is_required", "at_registration")
MOST_CHOICES = 200


@transaction.atomic
def create_field(
    *,
    actor: Actor,
    now: datetime,
    kind: str,
    name: str,
    choices: Iterable[str] = (),
    roles: Iterable[Role] = (),
    **defined: Any,
) -> CustomField:
    """A new field, last in order. `choices` are the answers of kinds that have a list.

    Raises ValidationError by field.
    """
    last = CustomField.objects.aggregate(last=Max("position"))["last"] or 0
    field = CustomField(kind=kind, code=_free_code(name), position=last + 1)
    _define(field, {"name": name, **defined})
    field.save()
    field.roles.set(roles)
    _add_choices(field, choices, now)
    record(actor, "field.create", field, now=now, before={}, after=_state(field))
    return field


@transaction.atomic
def edit_field(
    *,
    actor: Actor,
    now: datetime,
    field: CustomField,
    roles: Iterable[Role] | None = None,
    names: Mapping[int, str] | None = None,
    choices: Iterable[str] = (),
    **defined: Any,
) -> CustomField:
    """Change how it is called and where it is shown; its kind and code stay.

    `names` renames choices by key, an empty name takes one out of the list; `choices` are new.
    Raises ValidationError by field.
    """
    field.refresh_from_db(from_queryset=CustomField.objects.select_for_update())
    before = _state(field)
    _define(field, defined)
    field.save()
    if roles is not None:
        field.roles.set(roles)
    _rename_choices(field, names or {}, now)
    _add_choices(field, choices, now)
    record(actor, "field.edit", field, now=now, before=before, after=_state(field))
    return field


@transaction.atomic
def archive_field(*, actor: Actor, now: datetime, field: CustomField) -> bool:
    """Show it nowhere any more; what customers have in it stays. False where it is so already."""
    return set_archived(actor, now, field, "field.archive", now)


@transaction.atomic
def unarchive_field(*, actor: Actor, now: datetime, field: CustomField) -> bool:
    """Show it again, with what customers had in it."""
    return set_archived(actor, now, field, "field.unarchive", None)


@transaction.atomic
def move_field(*, actor: Actor, now: datetime, field: CustomField, steps: int) -> None:
    """Show it so many places later, or earlier where `steps` is negative."""
    rows = list(CustomField.objects.select_for_update().in_use())
    before = [each.code for each in rows]
    if field not in rows:
        return
    after = [each.code for each in move(rows, field, steps)]
    record(actor, "field.move", field, now=now, before={"order": before}, after={"order": after})


@transaction.atomic
def set_fields(
    *,
    actor: Actor,
    now: datetime,
    customer: Customer,
    values: Mapping[CustomField, Value | None],
) -> bool:
    """Fill in what `values` holds, None empties; fields that it does not name stay.

    The values are as `customers.fields.read_value` gives them. False where nothing changed.
    """
    if not values:
        return False
    Customer.objects.select_for_update().get(pk=customer.pk)
    before = values_of([customer.pk]).get(customer.pk, {})
    changed = {field: value for field, value in values.items() if before.get(field.pk) != value}
    if not changed:
        return False
    FieldValue.objects.filter(customer=customer, field__in=changed).delete()
    FieldValue.objects.bulk_create(
        row for field, value in changed.items() for row in _rows(customer, field, value)
    )
    old = {field: before.get(field.pk) for field in changed}
    record(
        actor,
        "customer.set_fields",
        customer,
        now=now,
        customer_id=customer.pk,
        before=_journal(old, SECRET),
        after=_journal(changed, SECRET * 2),
    )
    return True


def _rows(customer: Customer, field: CustomField, value: Value | None) -> list[FieldValue]:
    """The value in the column of its type."""
    if value is None or value == []:
        return []
    row = FieldValue(customer=customer, field=field)
    if field.kind in LISTED:
        names = [value] if isinstance(value, str) else value
        known = {choice.name: choice for choice in field.choices.all()}
        return [
            FieldValue(customer=customer, field=field, choice=known[str(name)])
            for name in names  # type: ignore[union-attr]
        ]
    if isinstance(value, bool):
        row.is_yes = value
    elif isinstance(value, Decimal):
        row.number = value
    elif isinstance(value, date):
        row.day = value
    else:
        row.text, row.folded = str(value), fold(str(value))
    return [row]


def _journal(values: Mapping[CustomField, Value | None], sign: str) -> dict[str, Any]:
    """By name; of fields that not everybody sees, `sign` says that there was something."""
    keys = [field.pk for field in values]
    restricted = CustomField.objects.filter(pk__in=keys, roles__isnull=False)
    hidden = set(restricted.values_list("pk", flat=True))
    return {
        field.name: sign if field.pk in hidden else plain(value)
        for field, value in values.items()
        if value is not None or field.pk not in hidden
    }


def _define(field: CustomField, defined: Mapping[str, Any]) -> None:
    unknown = set(defined) - set(DEFINED)
    if unknown:
        raise TypeError(f"not to be defined: {sorted(unknown)}")
    for name, value in defined.items():
        setattr(field, name, " ".join(value.split()) if isinstance(value, str) else value)
    alike = CustomField.objects.exclude(pk=field.pk).values_list("name", flat=True)
    if fold(field.name) in {fold(name) for name in alike}:
        raise ValidationError({"name": _("There is a field of that name already.")})
    field.full_clean(validate_unique=False, validate_constraints=False)


def _rename_choices(field: CustomField, names: Mapping[int, str], now: datetime) -> None:
    for choice in field.choices.filter(pk__in=names):
        name = " ".join(names[choice.pk].split())
        choice.archived_at = None if name else choice.archived_at or now
        choice.name = name or choice.name
        choice.full_clean(validate_unique=False, validate_constraints=False)
        choice.save()
    _require_choices(field)


def _add_choices(field: CustomField, names: Iterable[str], now: datetime) -> None:
    """What is in the list already, or was, is not there twice; other kinds have no list."""
    if field.kind not in LISTED:
        return
    wanted = dict.fromkeys(" ".join(name.split()) for name in names)
    known = {fold(choice.name): choice for choice in field.choices.all()}
    position = max((choice.position for choice in known.values()), default=0)
    for name in filter(None, wanted):
        choice = known.get(fold(name))
        if choice is None:
            position += 1
            choice = known[fold(name)] = FieldChoice(field=field, name=name, position=position)
        choice.archived_at = None
        choice.full_clean(exclude=["field"], validate_unique=False, validate_constraints=False)
        choice.save()
    _require_choices(field)


def _require_choices(field: CustomField) -> None:
    if field.kind not in LISTED:
        return
    kept = [fold(name) for name in field.choices.values_list("name", flat=True)]
    if len(kept) != len(set(kept)):
        raise ValidationError({"choices": _("The same answer is there twice.")})
    if len(kept) > MOST_CHOICES:
        raise ValidationError(
            {"choices": _("A list holds at most %(n)d answers.") % {"n": MOST_CHOICES}}
        )
    if not field.choices.filter(archived_at=None).exists():
        raise ValidationError({"choices": _("Write at least one answer.")})


def _state(field: CustomField) -> dict[str, Any]:
    """As the journal compares it."""
    kept = field.choices.filter(archived_at=None).values_list("name", flat=True)
    return {
        "kind": FieldKind(field.kind).value,
        **{name: getattr(field, name) for name in DEFINED},
        "roles": "; ".join(field.roles.order_by("code").values_list("code", flat=True)),
        "choices": "; ".join(kept),
    }


def _free_code(name: str) -> str:
    """The name in plain small letters: "Nº de poste" is "no_de_poste", the next one "..._2"."""
    stem = re.sub(r"[^a-z0-9]+", "_", ascii_fold(name).lower()).strip("_")[:34] or "field"
    taken = set(CustomField.objects.filter(code__startswith=stem).values_list("code", flat=True))
    codes = [stem, *(f"{stem}_{n}" for n in range(2, len(taken) + 3))]
    return next(code for code in codes if code not in taken)
