"""The second factor of a person: begun, confirmed with a code, used, and taken away."""

from datetime import datetime

from django.db import transaction

from caudal.apps.staff import codes, journal
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.errors import StaffCode, StaffError
from caudal.apps.staff.models import SecondFactor, User


@transaction.atomic
def begin_second_factor(*, user: User) -> SecondFactor:
    """A secret for the phone to learn; until a code proves that it did, nothing is asked for."""
    row, _made = SecondFactor.objects.select_for_update().get_or_create(
        user=user, defaults={"secret": codes.new_secret()}
    )
    return row


@transaction.atomic
def confirm_second_factor(
    *, actor: Actor, now: datetime, at: datetime, user: User, code: str
) -> list[str]:
    """From now on codes are asked for. Returns the recovery codes, which are never shown again.

    `at` is the machine's time, which the phone goes by. Raises StaffError "wrong-code".
    """
    row = _of(user)
    step = codes.step_of(code, row.secret, at.timestamp()) if row else 0
    if row is None or row.confirmed_at is not None or not step:
        raise StaffError(StaffCode.WRONG_CODE, "code")
    row.confirmed_at, row.last_step = now, step
    fresh = codes.new_recovery_codes()
    row.recovery = [codes.recovery_digest(each) for each in fresh]
    row.save()
    journal.record(actor, "second_factor.begin", user, now=now)
    return fresh


@transaction.atomic
def renew_recovery_codes(*, actor: Actor, now: datetime, user: User) -> list[str]:
    """Ten new ones; the old ones are worth nothing any more."""
    row = _of(user)
    if row is None or row.confirmed_at is None:
        raise StaffError(StaffCode.WRONG_CODE, "code")
    fresh = codes.new_recovery_codes()
    row.recovery = [codes.recovery_digest(each) for each in fresh]
    row.save(update_fields=["recovery"])
    journal.record(actor, "second_factor.renew", user, now=now)
    return fresh


@transaction.atomic
def take_code(*, now: datetime, at: datetime, user: User, code: str) -> bool:
    """Whether the code is the phone's at that machine time or a recovery code; each once."""
    row = _of(user)
    if row is None or row.confirmed_at is None:
        return False
    if step := codes.step_of(code.replace(" ", ""), row.secret, at.timestamp(), row.last_step):
        row.last_step = step
        row.save(update_fields=["last_step"])
        return True
    digest = codes.recovery_digest(code)
    if digest not in row.recovery:
        return False
    row.recovery = [each for each in row.recovery if each != digest]
    row.save(update_fields=["recovery"])
    note = str(len(row.recovery))
    journal.record(Actor.person(user), "second_factor.recover", user, now=now, note=note)
    return True


@transaction.atomic
def remove_second_factor(*, actor: Actor, now: datetime, user: User) -> None:
    """Sign in with the password alone again: the person himself, or an owner for a lost phone."""
    if SecondFactor.objects.filter(user=user).delete()[0]:
        journal.record(actor, "second_factor.end", user, now=now)


def has_second_factor(user: User) -> bool:
    return SecondFactor.objects.filter(user=user).exclude(confirmed_at=None).exists()


def _of(user: User) -> SecondFactor | None:
    """Locked, so that two who type one code at once are not both let in."""
    return SecondFactor.objects.select_for_update().filter(user=user).first()
