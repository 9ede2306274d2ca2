"""Forms in which the operator defines fields of customers and tags."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import LISTED, Customer, CustomField, FieldKind, Tag
from caudal.apps.staff.models import Role
from caudal.web.forms import PanelForm, Section


class FieldForm(PanelForm):
    """`field` is edited; without it a new one is defined."""

    name = forms.CharField(label=_("Name"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=FieldKind.choices)
    help_text = forms.CharField(
        label=_("Help"),
        max_length=200,
        required=False,
        help_text=_("It is shown under the box, in small letters."),
    )
    is_required = forms.BooleanField(label=_("It may not be left empty"), required=False)
    at_registration = forms.BooleanField(
        label=_("It is asked when a customer is registered"), required=False, initial=True
    )
    choices = forms.CharField(
        label=_("Possible answers"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One per line. Only for “One of a list” and “Several of a list”."),
    )
    roles = forms.ModelMultipleChoiceField(
        Role.objects.all(),
        label=_("Only these roles see it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: everybody who sees the customer."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        field: CustomField | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.renamed: dict[str, int] = {}
        answers: list[str | tuple[str, int]] = [("choices", 12)]
        if field is not None:
            self._show(field)
            answers = [*self.renamed, ("choices", 12)] if field.kind in LISTED else []
        self.sections = [
            Section("", ["name", "kind", ("help_text", 12), "is_required", "at_registration"]),
            Section(_("Possible answers"), answers),
            Section(_("Who sees it"), [("roles", 12)], is_open=bool(self.initial.get("roles"))),
        ]

    def _show(self, field: CustomField) -> None:
        names = ("name", "kind", "help_text", "is_required", "at_registration")
        kept = {name: getattr(field, name) for name in names}
        self.initial = {**kept, "roles": list(field.roles.all()), **self.initial}
        self.fields["kind"].disabled = True
        self.fields["kind"].help_text = _("Customers have values of it: it stays.")
        self.fields["choices"].label = _("More answers")
        self.fields["choices"].help_text = _("One per line.")
        for choice in field.choices.filter(archived_at=None) if field.kind in LISTED else ():
            name = f"answer_{choice.pk}"
            self.renamed[name] = choice.pk
            self.fields[name] = forms.CharField(
                label=format_lazy("{} {}", _("Answer"), len(self.renamed)),
                max_length=80,
                required=False,
                initial=choice.name,
                help_text=_("Emptied, it leaves the list; customers who have it keep it."),
            )

    @property
    def defined(self) -> dict[str, Any]:
        """What the actions take."""
        names = ("name", "help_text", "is_required", "at_registration", "roles")
        given = {name: self.cleaned_data[name] for name in names}
        return {**given, "choices": self.cleaned_data["choices"].splitlines()}

    @property
    def names(self) -> dict[int, str]:
        """Choices by key with the names they are to have."""
        return {pk: self.cleaned_data[name] for name, pk in self.renamed.items()}


class TagForm(PanelForm):
    name = forms.CharField(label=_("Name"), max_length=60)
    color = forms.ChoiceField(label=_("Colour"), choices=Tag.Color.choices)
    text = forms.CharField(
        label=_("What it means"),
        max_length=200,
        required=False,
        help_text=_("It is shown where the mouse rests on the tag."),
    )
    sections = [Section("", ["name", "color", ("text", 12)])]


class CustomerTagsForm(PanelForm):
    """Which tags one customer has."""

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tags"] = forms.ModelMultipleChoiceField(
            tags_for(customer),
            label=_("Tags"),
            required=False,
            initial=list(customer.tags.all()),
            widget=forms.CheckboxSelectMultiple,
        )


def tags_for(customer: Customer | None) -> "QuerySet[Tag]":
    """The tags in use, and those that he has although they are out of it."""
    wanted = Q(archived_at=None)
    if customer is not None:
        wanted |= Q(customers=customer)
    return Tag.objects.filter(wanted).distinct()
