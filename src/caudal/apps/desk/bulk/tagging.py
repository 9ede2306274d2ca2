"""Put tags on many customers and take others away, and back."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as now_in_language
from django.utils.translation import gettext_lazy as _

from caudal.apps.bulk.acts import Act, Context, Done, Preview, Shown, register
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, Tag
from caudal.apps.staff.models import User
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.forms import PanelForm

PREVIEWED = 50


def _tags(name_of: Any, *, archived: bool) -> forms.MultipleChoiceField:
    rows = Tag.objects.all() if archived else Tag.objects.filter(archived_at=None)
    return forms.MultipleChoiceField(
        label=name_of,
        required=False,
        choices=[(str(tag.pk), tag.name) for tag in rows],
        widget=forms.CheckboxSelectMultiple,
    )


class TagForm(PanelForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["put"] = _tags(_("Put on"), archived=False)
        self.fields["take"] = _tags(_("Take away"), archived=True)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        put, take = given.get("put") or [], given.get("take") or []
        if not put and not take:
            raise forms.ValidationError(_("Choose at least one tag."))
        if set(put) & set(take):
            raise forms.ValidationError(_("The same tag cannot be put on and taken away."))
        return given


def tag(context: Context, customer: Customer) -> Done:
    had = _keys(customer)
    wanted = _wanted(had, context.options)
    if wanted == had:
        raise RuleError("as-it-was")
    _set(context, customer, wanted)
    shown = ", ".join(customer.tags.values_list("name", flat=True)) or "–"
    return Done(shown, {"put": sorted(wanted - had), "taken": sorted(had - wanted)})


def put_back(context: Context, customer: Customer, before: dict[str, Any]) -> str:
    """Only what the act put on or took away; what was tagged since stays."""
    has = _keys(customer)
    wanted = (has - set(before["put"])) | set(before["taken"])
    if wanted == has:
        raise RuleError("changed-since")
    _set(context, customer, wanted)
    return ", ".join(customer.tags.values_list("name", flat=True)) or "–"


def preview(
    user: User, now: datetime, given: dict[str, Any], chosen: QuerySet[Customer]
) -> Preview:
    names = dict(Tag.objects.values_list("pk", "name"))
    rows = chosen.prefetch_related("tags")[:PREVIEWED]
    return Preview([_shown(customer, given, names) for customer in rows])


def _shown(customer: Customer, given: dict[str, Any], names: dict[int, str]) -> Shown:
    had = {tag.pk for tag in customer.tags.all()}
    before, after = (
        ", ".join(sorted(names[key] for key in keys)) for keys in (had, _wanted(had, given))
    )
    changes = [(now_in_language("Tags"), before, after)] if before != after else []
    return Shown(f"{customer.code} {customer}", changes)


def _wanted(had: set[int], given: dict[str, Any]) -> set[int]:
    put, take = ({int(key) for key in given.get(name) or []} for name in ("put", "take"))
    return (had | put) - take


def _keys(customer: Customer) -> set[int]:
    return set(customer.tags.values_list("pk", flat=True))


def _set(context: Context, customer: Customer, keys: set[int]) -> None:
    tags = Tag.objects.filter(pk__in=keys)
    customers.set_tags(actor=context.actor, now=context.now, customer=customer, tags=tags)


register(
    Act(
        "customers.tag",
        _("Put tags on, or take them away"),
        Verb.EDIT_CUSTOMERS,
        "tags",
        _("The state of their services does not change."),
        each=tag,
        undo=put_back,
        preview=preview,
        form=TagForm,
        order=16,
    )
)
