"""Drafts of the forms of customers: kept for the person who typed, until saved or discarded."""

import re
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict

from caudal.apps.customers.models import Customer
from caudal.apps.desk.models import Draft
from caudal.apps.staff.models import User

KEPT_FOR = timedelta(days=30)
LONGEST = 200_000
"""Letters of a whole draft; nobody types more."""
OF_THE_PAGE = frozenset(
    ("csrfmiddlewaretoken", "form_key", "refresh", "validate", "accept_duplicates", "discard")
)
"""What belongs to the page that was open, and means nothing in another."""
_SECRET = re.compile(r"password|secret|clave|contrase", re.IGNORECASE)


def keep_draft(
    *, user: User, now: datetime, form: str, typed: QueryDict, customer: Customer | None = None
) -> Draft | None:
    """Keep what stands in the form in place of what was kept before; passwords are left out."""
    data: dict[str, Any] = {
        name: values if len(values) > 1 else values[0]
        for name, values in typed.lists()
        if values and name not in OF_THE_PAGE and not _SECRET.search(name)
    }
    if sum(len(str(value)) for value in data.values()) > LONGEST:
        return None
    draft, _made = Draft.objects.update_or_create(
        user=user, form=form, customer=customer, defaults={"at": now, "data": data}
    )
    return draft


def draft_of(
    *, user: User, now: datetime, form: str, customer: Customer | None = None
) -> Draft | None:
    """What this person has left there, unless it is too old."""
    found = Draft.objects.filter(user=user, form=form, customer=customer)
    return found.filter(at__gt=now - KEPT_FOR).first()


def drop_draft(*, user: User, form: str, customer: Customer | None = None) -> None:
    Draft.objects.filter(user=user, form=form, customer=customer).delete()


def forget_old_drafts(now: datetime) -> int:
    """Delete what nobody came back to. How many they were."""
    old, _by_table = Draft.objects.filter(at__lte=now - KEPT_FOR).delete()
    return old


def typed_in(draft: Draft, form: forms.BaseForm) -> dict[str, Any]:
    """The draft as initial values of this form: a box that was not ticked is not in it."""
    unticked = {
        name: False
        for name, field in form.fields.items()
        if isinstance(field, forms.BooleanField) and name not in draft.data
    }
    emptied: dict[str, Any] = {
        name: []
        for name, field in form.fields.items()
        if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
        and name not in draft.data
    }
    return {**unticked, **emptied, **draft.data}
