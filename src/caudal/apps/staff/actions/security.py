"""What the installation asks before grave acts, and branches."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from caudal.apps.staff import journal
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.errors import StaffCode, StaffError
from caudal.apps.staff.models import Branch, SecurityRules, User


@transaction.atomic
def set_security_rules(
    *, actor: Actor, now: datetime, asked_again: Iterable[str], minutes: int
) -> SecurityRules:
    """Before which acts the password is asked again, and for how long it is good then."""
    row = SecurityRules.objects.select_for_update().first() or SecurityRules()
    before = journal.snapshot(row)
    row.asked_again, row.minutes = sorted(asked_again), minutes
    row.save()
    after = journal.snapshot(row)
    journal.record(actor, "security.edit", row, now=now, before=before, after=after)
    return row


def note_confirmed(*, actor: Actor, now: datetime, user: User) -> None:
    """The password was typed again before a grave act."""
    journal.record(actor, "session.confirm", user, now=now)


@transaction.atomic
def save_branch(*, actor: Actor, now: datetime, branch: Branch) -> Branch:
    """A new branch, or other data of one."""
    old = Branch.objects.filter(pk=branch.pk).first()
    before = journal.snapshot(old) if old else {}
    branch.save()
    after = journal.snapshot(branch)
    journal.record(actor, "branch.save", branch, now=now, before=before, after=after)
    return branch


@transaction.atomic
def delete_branch(*, actor: Actor, now: datetime, branch: Branch) -> None:
    """Remove a branch that nothing and nobody belongs to. Raises StaffError "branch-in-use"."""
    limited = User.objects.exclude(branch_ids=[]).values_list("branch_ids", flat=True)
    if any(branch.pk in ids for ids in limited):
        raise StaffError(StaffCode.BRANCH_IN_USE)
    before, label = journal.snapshot(branch), str(branch)
    journal.record(actor, "branch.delete", branch, now=now, before=before, note=label)
    try:
        with transaction.atomic():
            branch.delete()
    except ProtectedError as error:
        raise StaffError(StaffCode.BRANCH_IN_USE) from error
