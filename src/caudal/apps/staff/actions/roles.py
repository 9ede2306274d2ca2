"""Roles: named sets of verbs, made, changed and removed."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify

from caudal.apps.staff import journal
from caudal.apps.staff.actions.users import managers
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.errors import StaffCode, StaffError
from caudal.apps.staff.models import Role
from caudal.apps.staff.verbs import Verb


@transaction.atomic
def create_role(
    *,
    actor: Actor,
    now: datetime,
    name: str,
    verbs: Iterable[str],
    only_own_customers: bool,
    needs_second_factor: bool = False,
) -> Role:
    role = Role.objects.create(
        code=_free_code(name),
        name=name,
        verbs=_known(verbs),
        only_own_customers=only_own_customers,
        needs_second_factor=needs_second_factor,
    )
    journal.record(actor, "role.create", role, now=now, after=journal.snapshot(role))
    return role


@transaction.atomic
def edit_role(
    *,
    actor: Actor,
    now: datetime,
    role: Role,
    name: str,
    verbs: Iterable[str],
    only_own_customers: bool,
    needs_second_factor: bool = False,
) -> Role:
    """Change what everybody of the role may do, at once; somebody must go on managing staff."""
    before = journal.snapshot(role)
    chosen = _known(verbs)
    loses = Verb.MANAGE_STAFF.value in set(role.verbs) - set(chosen)
    if loses or (only_own_customers and Verb.MANAGE_STAFF.value in role.verbs):
        _guard_managers(actor, role)
    role.name, role.verbs, role.only_own_customers = name, chosen, only_own_customers
    role.needs_second_factor = needs_second_factor
    role.save()
    journal.record(actor, "role.edit", role, now=now, before=before, after=journal.snapshot(role))
    return role


@transaction.atomic
def delete_role(*, actor: Actor, now: datetime, role: Role) -> None:
    """Remove a role that nobody has."""
    count = role.users.count()
    if count:
        raise StaffError(StaffCode.ROLE_IN_USE, count=count)
    journal.record(actor, "role.delete", role, now=now, before=journal.snapshot(role))
    role.delete()


def _guard_managers(actor: Actor, role: Role) -> None:
    if actor.user is not None and actor.user.role_id == role.pk:
        raise StaffError(StaffCode.NOT_YOURSELF, "verbs")
    if not managers().exclude(role=role).exists():
        raise StaffError(StaffCode.LAST_OWNER, "verbs")


def _known(verbs: Iterable[str]) -> list[str]:
    """In the order of the list of verbs; unknown ones are left out."""
    chosen = set(verbs)
    return [verb.value for verb in Verb if verb.value in chosen]


def _free_code(name: str) -> str:
    base = slugify(name)[:24] or "role"
    taken = set(Role.objects.filter(code__startswith=base).values_list("code", flat=True))
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (base, *numbered) if code not in taken)
