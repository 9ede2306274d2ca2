"""Notes about a customer and files of his: written, mended, pinned, attached, taken away."""

from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from caudal.apps.customers.models import Attachment, Customer, Note
from caudal.apps.customers.thumbnails import thumbnail_name
from caudal.apps.customers.uploads import check_upload, digest_of
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.core.errors import RuleError
from caudal.core.text import fold

MOST_FILES = 200
"""Of one customer."""


@transaction.atomic
def add_note(*, actor: Actor, now: datetime, customer: Customer, text: str) -> Note:
    """One more private note (IC-32). Raises ValidationError where it is empty or too long."""
    note = Note(customer=customer, at=now, author=actor.user, author_name=actor.name)
    _write(note, text)
    record(
        actor, "note.add", note, now=now, customer_id=customer.pk, before={},
        after={"text": note.text},
    )  # fmt: skip
    return note


@transaction.atomic
def edit_note(*, actor: Actor, now: datetime, note: Note, text: str) -> bool:
    """Another text; the journal keeps the one before. False where it is the same.

    Raises RuleError for who did not write it, ValidationError where the text is empty or too long.
    """
    note.refresh_from_db(from_queryset=Note.objects.select_for_update())
    if actor.user is None or note.author_id != actor.user.pk:
        raise RuleError("note-of-somebody-else")
    before = note.text
    if before == text.strip():
        return False
    note.edited_at = now
    _write(note, text)
    record(
        actor, "note.edit", note, now=now, customer_id=note.customer_id,
        before={"text": before}, after={"text": note.text},
    )  # fmt: skip
    return True


@transaction.atomic
def pin_note(*, actor: Actor, now: datetime, note: Note, pinned: bool) -> bool:
    """Keep it on top of the others, or no more. False where it is so already."""
    note.refresh_from_db(from_queryset=Note.objects.select_for_update())
    if (note.pinned_at is not None) == pinned:
        return False
    note.pinned_at = now if pinned else None
    note.save(update_fields=["pinned_at"])
    verb = "note.pin" if pinned else "note.unpin"
    record(actor, verb, note, now=now, customer_id=note.customer_id)
    return True


@transaction.atomic
def attach(
    *,
    actor: Actor,
    now: datetime,
    customer: Customer,
    file: Any,
    text: str = "",
    is_shown: bool = False,
) -> Attachment:
    """Keep an uploaded file with the customer, under a name that says nothing.

    Raises ValidationError for what is too large, of another kind than it says, or one too many.
    """
    name, content_type = check_upload(file)
    Customer.objects.select_for_update().get(pk=customer.pk)
    kept = Attachment.objects.kept().filter(customer=customer)
    if kept.count() >= MOST_FILES:
        raise ValidationError(
            _("A customer has at most %(n)d files.") % {"n": MOST_FILES}, code="many"
        )
    digest = digest_of(file)
    if same := kept.filter(digest=digest).first():
        raise ValidationError(
            _("%(name)s is there already, as %(other)s.") % {"name": name, "other": same.name},
            code="same",
        )
    row = Attachment(
        customer=customer, name=name, content_type=content_type, size=file.size, digest=digest,
        text=text.strip(), is_shown=is_shown, at=now, author=actor.user, author_name=actor.name,
    )  # fmt: skip
    row.full_clean(exclude=["customer", "file"])
    row.file.save(name, file, save=False)
    try:
        row.save()
    except BaseException:
        row.file.delete(save=False)
        raise
    record(
        actor, "file.attach", row, now=now, customer_id=customer.pk, before={},
        after=snapshot(row, ["name", "size", "text", "is_shown"]),
    )  # fmt: skip
    return row


@transaction.atomic
def describe_file(
    *, actor: Actor, now: datetime, attachment: Attachment, text: str, is_shown: bool
) -> Attachment:
    """Say what it is, and whether the customer may see it (MW-37)."""
    attachment.refresh_from_db(from_queryset=Attachment.objects.select_for_update())
    before = snapshot(attachment, ["text", "is_shown"])
    attachment.text, attachment.is_shown = text.strip(), is_shown
    attachment.full_clean(exclude=["customer", "file"])
    attachment.save(update_fields=["text", "is_shown"])
    record(
        actor, "file.describe", attachment, now=now, customer_id=attachment.customer_id,
        before=before, after=snapshot(attachment, ["text", "is_shown"]),
    )  # fmt: skip
    return attachment


@transaction.atomic
def remove_file(*, actor: Actor, now: datetime, attachment: Attachment, reason: str) -> bool:
    """Delete the file; the row stays and says who did it and when. False where it is gone."""
    attachment.refresh_from_db(from_queryset=Attachment.objects.select_for_update())
    if attachment.removed_at is not None:
        return False
    attachment.removed_at, attachment.removed_by = now, actor.name
    attachment.removed_why = reason.strip()[:200]
    attachment.save(update_fields=["removed_at", "removed_by", "removed_why"])
    record(
        actor, "file.remove", attachment, now=now, customer_id=attachment.customer_id,
        note=attachment.removed_why,
    )  # fmt: skip
    storage = attachment.file.storage
    for name in (str(attachment.file.name), thumbnail_name(attachment)):
        transaction.on_commit(partial(storage.delete, name))
    return True


def _write(note: Note, text: str) -> None:
    note.text = text.strip()
    note.folded = fold(note.text)
    note.full_clean(exclude=["customer"])
    note.save()
