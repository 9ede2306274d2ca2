"""Asking for an act with the values of its form, and who may look at what was asked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from caudal.apps.bulk import actions
from caudal.apps.bulk.acts import Act
from caudal.apps.bulk.choosing import Choice
from caudal.apps.bulk.models import BulkAct
from caudal.apps.staff.models import User
from caudal.apps.staff.verbs import Verb


def ask_for(
    act: Act, choice: Choice, values: Mapping[str, Any], *, user: User, now: datetime, key: UUID
) -> BulkAct:
    """Leave the act on the chosen rows; `values` are what its form cleaned."""
    given: dict[str, Any] = {
        "user": user,
        "now": now,
        "key": key,
        "act": act,
        "options": {name: plain(value) for name, value in values.items()},
    }
    if act.whole is not None:
        return actions.ask_whole(choice=choice, **given)
    return actions.ask(ids=choice.rows.values_list("pk", flat=True), **given)


def word_for(act: Act, choice: Choice) -> str:
    """What is typed before an act that cannot be taken lightly; empty for all others."""
    return (act.word or str(choice.count)) if act.is_danger else ""


def seen_by(user: User) -> "QuerySet[BulkAct]":
    """His own acts; who sees the journal and every customer sees everybody's."""
    if user.may(Verb.SEE_JOURNAL) and not user.is_limited:
        return BulkAct.objects.all()
    return BulkAct.objects.filter(requested_by=user)


def plain(value: Any) -> Any:
    """What JSON keeps: a row by its key, a date or an amount as text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple | QuerySet):
        return [plain(each) for each in value]
    return value.pk if hasattr(value, "pk") else str(value)
