"""What became of each row of an act, as the lines of a file."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from caudal.apps.bulk.acts import Subject
from caudal.apps.bulk.models import BulkAct, BulkRow
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible

AT_ONCE = 500


def header(subject: Subject) -> list[str]:
    return [*(str(label) for label, _css in subject.headings), _("State"), _("Result")]


def lines(bulk: BulkAct, subject: Subject, user: User) -> Iterator[list[object]]:
    """In order, some hundreds at a time; of rows that this person does not see the number alone.

    What is secret is in the file of who asked for the act, as on his page.
    """
    mine = visible(user, subject.model._default_manager.select_related(*subject.related))
    words = dict(BulkRow.Status.choices)
    is_his = bulk.requested_by_id == user.pk
    for rows in _in_order(bulk):
        found = mine.in_bulk([row.subject_id for row in rows])
        for row in rows:
            told = _told(subject, found.get(row.subject_id), row.subject_id)
            secret = row.secret if is_his else ""
            yield [*told, str(words[row.status]), " ".join(filter(None, (row.result, secret)))]


def _told(subject: Subject, found: Any, pk: int) -> Sequence[object]:
    if found is None:
        return [pk, *[""] * (len(subject.headings) - 1)]
    return subject.cells(found)


def _in_order(bulk: BulkAct) -> Iterator[list[BulkRow]]:
    last = 0
    while rows := list(bulk.rows.filter(position__gt=last).order_by("position")[:AT_ONCE]):
        yield rows
        last = rows[-1].position
