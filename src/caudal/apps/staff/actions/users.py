"""Staff accounts: created, edited, allowed in and kept out; and what each person sets himself."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from caudal.apps.staff import journal
from caudal.apps.staff.actions.sessions import close_sessions
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.errors import StaffCode, StaffError
from caudal.apps.staff.models import Role, User
from caudal.apps.staff.verbs import Verb


@transaction.atomic
def create_user(
    *,
    actor: Actor,
    now: datetime,
    username: str,
    name: str,
    password: str,
    role: Role,
    email: str = "",
    phone: str = "",
    language: str = "",
    branch_ids: Sequence[int] = (),
) -> User:
    if User.objects.filter(username__iexact=username).exists():
        raise StaffError(StaffCode.NAME_TAKEN, "username", name=username)
    user = User(
        username=username,
        name=name,
        role=role,
        email=email,
        phone=phone,
        language=language,
        branch_ids=sorted(branch_ids),
        created_at=now,
    )
    user.set_password(password)
    user.save()
    journal.record(actor, "user.create", user, now=now, after=journal.snapshot(user))
    return user


@transaction.atomic
def edit_user(
    *,
    actor: Actor,
    now: datetime,
    user: User,
    name: str,
    role: Role,
    email: str = "",
    phone: str = "",
    language: str = "",
    branch_ids: Sequence[int] = (),
) -> User:
    """Change a person's data, role and branches; nobody stops managing staff by his own hand."""
    before = journal.snapshot(user)
    if role != user.role or branch_ids:
        limited = role.only_own_customers or bool(branch_ids)
        keeps = Verb.MANAGE_STAFF.value in role.verbs and not limited
        _guard_manager(actor, user, keeps=keeps)
    user.name, user.role, user.email, user.phone = name, role, email, phone
    user.language, user.branch_ids = language, sorted(branch_ids)
    user.save()
    journal.record(actor, "user.edit", user, now=now, before=before, after=journal.snapshot(user))
    return user


@transaction.atomic
def set_active(*, actor: Actor, now: datetime, user: User, active: bool) -> None:
    """Allow a person in, or keep him out and end his sessions and API tokens at once."""
    if user.is_active == active:
        return
    if not active:
        if actor.user == user:
            raise StaffError(StaffCode.NOT_YOURSELF)
        _guard_manager(actor, user, keeps=False)
        close_sessions(actor=actor, now=now, user=user)
        user.tokens.filter(revoked_at=None).update(revoked_at=now)
    user.is_active = active
    user.save(update_fields=["is_active"])
    journal.record(actor, "user.activate" if active else "user.deactivate", user, now=now)


@transaction.atomic
def set_password(
    *, actor: Actor, now: datetime, user: User, password: str, keep_session: str = ""
) -> None:
    """Change a password; every other session of the person ends."""
    user.set_password(password)
    user.save(update_fields=["password"])
    close_sessions(actor=actor, now=now, user=user, except_key=keep_session)
    journal.record(actor, "user.set_password", user, now=now)


@transaction.atomic
def set_language(*, user: User, language: str) -> None:
    """A taste, not an act: it leaves no journal entry."""
    user.language = language
    user.save(update_fields=["language"])


def _guard_manager(actor: Actor, user: User, *, keeps: bool) -> None:
    """Somebody who manages staff must remain, and nobody drops that right of his own by mistake."""
    if keeps or not user.may(Verb.MANAGE_STAFF):
        return
    if actor.user == user:
        raise StaffError(StaffCode.NOT_YOURSELF)
    if not managers().exclude(pk=user.pk).exists():
        raise StaffError(StaffCode.LAST_OWNER)


def managers() -> QuerySet[User]:
    """Those who may manage staff and log in; locked, so that two cannot leave at once."""
    able = Role.objects.filter(only_own_customers=False)
    roles = [role.pk for role in able if Verb.MANAGE_STAFF.value in role.verbs]
    people = User.objects.select_for_update().filter(is_active=True, role_id__in=roles)
    return people.filter(branch_ids=[])
