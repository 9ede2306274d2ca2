"""What happens to the operator's reasons: written, ordered, archived, and given old texts."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from caudal.apps.customers.actions.archiving import set_archived
from caudal.apps.customers.causes import plainly
from caudal.apps.customers.models import Cause, CauseRules, CauseWord
from caudal.apps.customers.models.cause import ROW
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.store.order import move

RULES = ["cancel_required", "suspend_required"]


@transaction.atomic
def create_cause(*, actor: Actor, now: datetime, use: str, name: str) -> Cause:
    """A new reason, last in order; texts that were typed like its name are its own from now on.

    Raises ValidationError by field.
    """
    last = Cause.objects.filter(use=use).aggregate(last=Max("position"))["last"] or 0
    cause = Cause(use=use, name=_named(name), position=last + 1)
    cause.full_clean()
    cause.save()
    _own(cause, cause.name)
    record(actor, "cause.create", cause, now=now, before={}, after=snapshot(cause, ["use", "name"]))
    return cause


@transaction.atomic
def rename_cause(*, actor: Actor, now: datetime, cause: Cause, name: str) -> Cause:
    """Call it otherwise; what was said by its old name still means it. As `create_cause` raises."""
    cause.refresh_from_db(from_queryset=Cause.objects.select_for_update())
    before = snapshot(cause, ["name"])
    cause.name = _named(name)
    cause.full_clean()
    _own(cause, cause.name)
    cause.save(update_fields=["name"])
    record(actor, "cause.edit", cause, now=now, before=before, after=snapshot(cause, ["name"]))
    return cause


@transaction.atomic
def archive_cause(*, actor: Actor, now: datetime, cause: Cause) -> bool:
    """Nobody chooses it any more; it is counted as before. False where it is so already."""
    return set_archived(actor, now, cause, "cause.archive", now)


@transaction.atomic
def unarchive_cause(*, actor: Actor, now: datetime, cause: Cause) -> bool:
    """It can be chosen again."""
    return set_archived(actor, now, cause, "cause.unarchive", None)


@transaction.atomic
def move_cause(*, actor: Actor, now: datetime, cause: Cause, steps: int) -> None:
    """Offer it so many places later, or earlier where `steps` is negative."""
    offered = Cause.objects.select_for_update().filter(use=cause.use, archived_at=None)
    rows = list(offered)
    before = [each.name for each in rows]
    if cause not in rows:
        return
    after = [each.name for each in move(rows, cause, steps)]
    record(actor, "cause.move", cause, now=now, before={"order": before}, after={"order": after})


@transaction.atomic
def merge_texts(*, actor: Actor, now: datetime, cause: Cause, texts: Iterable[str]) -> int:
    """What was typed so, in whatever case, means this reason; how many texts that are new to it.

    Raises ValidationError where a text is another reason's.
    """
    before = _words(cause)
    for text in texts:
        if plainly(text):
            _own(cause, text)
    after = _words(cause)
    record(
        actor, "cause.merge", cause, now=now,
        before={"texts": "; ".join(before)}, after={"texts": "; ".join(after)},
    )  # fmt: skip
    return len(after) - len(before)


@transaction.atomic
def split_text(*, actor: Actor, now: datetime, cause: Cause, text: str) -> bool:
    """That text stands for itself again; its own name stays. False where it was not its."""
    before, plain = _words(cause), plainly(text)
    if plain == plainly(cause.name):
        raise ValidationError(_("A reason keeps its own name."))
    gone, _rows = cause.words.filter(plain=plain).delete()
    record(
        actor, "cause.split", cause, now=now,
        before={"texts": "; ".join(before)}, after={"texts": "; ".join(_words(cause))},
    )  # fmt: skip
    return bool(gone)


@transaction.atomic
def propose_causes(*, actor: Actor, now: datetime, use: str, names: Iterable[str]) -> int:
    """Add those of the names that no reason has; how many."""
    known = set(CauseWord.objects.filter(use=use).values_list("plain", flat=True))
    wanted = [name for name in names if plainly(name) not in known]
    for name in wanted:
        create_cause(actor=actor, now=now, use=use, name=name)
    return len(wanted)


@transaction.atomic
def set_cause_rules(
    *, actor: Actor, now: datetime, cancel_required: bool, suspend_required: bool
) -> CauseRules:
    """Whether a reason may be left out."""
    before = snapshot(CauseRules.current(), RULES)
    row = CauseRules(pk=ROW, cancel_required=cancel_required, suspend_required=suspend_required)
    row.save()
    record(actor, "cause.rules", row, now=now, before=before, after=snapshot(row, RULES))
    return row


def _named(name: str) -> str:
    return " ".join(name.split())


def _own(cause: Cause, text: str) -> None:
    """Write the word for it; texts already its own are left alone."""
    word, made = CauseWord.objects.get_or_create(
        use=cause.use, plain=plainly(text), defaults={"cause": cause}
    )
    if not made and word.cause_id != cause.pk:
        raise ValidationError(
            {"name": _("“%(text)s” belongs to the reason “%(cause)s” already.")
             % {"text": text, "cause": word.cause}}
        )  # fmt: skip


def _words(cause: Cause) -> list[str]:
    return list(cause.words.values_list("plain", flat=True))
