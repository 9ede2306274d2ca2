"""Change the same fields of many customers (WP-25), with before and after, and back (WP-26)."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import BooleanField, Field, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as now_in_language
from django.utils.translation import gettext_lazy as _

from caudal.apps.bulk.acts import Act, Context, Done, Preview, Shown, register
from caudal.apps.customers import actions as customers
from caudal.apps.customers.fields import values_of
from caudal.apps.customers.models import Customer
from caudal.apps.desk.bulk import own_fields
from caudal.apps.desk.bulk.own_fields import LEAVE, OwnFieldsPart
from caudal.apps.staff.models import User
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.forms import Section

PREVIEWED = 50
PEOPLE = ("collector", "salesperson")
BILLING = (
    "company", "is_invoiced", "may_be_cut", "may_be_notified", "late_fee_applies",
    "reconnection_fee_applies", "mail_invoices", "mail_payments", "payment_method",
    "tax_condition", "invoice_type", "grouping",
)  # fmt: skip
PLACE = ("city", "state", "neighbourhood", "postal_code")
OTHERS = ("customer_type", "medium", "contract_type", "contract_signed", "contract_expires_on",
          "tickets_blocked", "extra_1", "extra_2")  # fmt: skip
FIELDS = (*PEOPLE, *BILLING, *PLACE, *OTHERS)


def _field(name: str) -> "Field[Any, Any]":
    found: Field[Any, Any] = Customer._meta.get_field(name)  # type: ignore[assignment]
    return found


def _clearable() -> list[tuple[str, Any]]:
    return [
        (name, capfirst(_field(name).verbose_name))
        for name in FIELDS
        if (_field(name).blank or _field(name).null) and not isinstance(_field(name), BooleanField)
    ]


class EditForm(OwnFieldsPart):
    """What is left empty stays as it is; `clear` empties."""

    clear = forms.MultipleChoiceField(
        label=_("Empty these"), required=False, widget=forms.CheckboxSelectMultiple
    )
    sections = [
        Section(_("People"), [(name, 4) for name in PEOPLE]),
        Section(_("Billing"), [(name, 4) for name in BILLING], is_open=False),
        Section(_("Where they live"), [(name, 6) for name in PLACE], is_open=False),
        Section(_("Others"), [(name, 4) for name in OTHERS], is_open=False),
        Section(_("Empty fields"), [("clear", 12)], is_open=False),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in FIELDS:
            self.fields[name] = _input(name)
        self.fields["clear"].choices = _clearable()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not changes_in(given) and not own_fields.changes_in(given):
            raise forms.ValidationError(_("Choose at least one field to change."))
        return given


def _input(name: str) -> forms.Field:
    """The field's own, with a choice that leaves it as it is."""
    field = _field(name)
    label = capfirst(field.verbose_name)
    if isinstance(field, BooleanField):
        return forms.ChoiceField(
            label=label, required=False, choices=[LEAVE, ("yes", _("Yes")), ("no", _("No"))]
        )
    if field.choices:
        return forms.ChoiceField(label=label, required=False, choices=[LEAVE, *field.choices])
    made: Any = field.formfield(required=False)
    if hasattr(made, "empty_label"):
        made.empty_label = LEAVE[1]
    made.initial = None
    return made  # type: ignore[no-any-return]


def changes_in(given: dict[str, Any]) -> dict[str, Any]:
    """Field -> value, of the form's values or of what JSON kept of them."""
    found: dict[str, Any] = {}
    for name in FIELDS:
        value = given.get(name)
        if value in (None, ""):
            continue
        is_flag = isinstance(_field(name), BooleanField)
        found[name] = value == "yes" if is_flag else value
    for name in set(given.get("clear") or []).intersection(FIELDS):
        found[name] = None if _field(name).null else ""
    return found


def edit(context: Context, customer: Customer) -> Done:
    before = _values(customer, changes_in(context.options))
    data = _rows(changes_in(context.options))
    if data:
        customers.edit_customer(actor=context.actor, now=context.now, customer=customer, data=data)
    after = _values(customer, data)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    own = own_fields.write(context, customer, own_fields.changes_in(context.options))
    if not changed and not own:
        raise RuleError("as-it-was")
    names = [*(str(_label(name)) for name in changed), *own_fields.names_of(own)]
    return Done(", ".join(names), {"fields": changed, "own": own})


def put_back(context: Context, customer: Customer, before: dict[str, Any]) -> str:
    """Each field whose value is still the one that the act wrote."""
    now_has = _values(customer, before["fields"])
    old = {name: was for name, (was, became) in before["fields"].items() if now_has[name] == became}
    data = _rows(old)
    if data:
        customers.edit_customer(actor=context.actor, now=context.now, customer=customer, data=data)
    own = own_fields.put_back(context, customer, before.get("own", {}))
    if not old and not own:
        raise RuleError("changed-since")
    return ", ".join([*(str(_label(name)) for name in old), *(field.name for field in own)])


def preview(
    user: User, now: datetime, given: dict[str, Any], chosen: QuerySet[Customer]
) -> Preview:
    data, own = changes_in(given), own_fields.changes_in(given)
    related = [name for name in data if _field(name).is_relation]
    rows = list(chosen.select_related("company", *related)[:PREVIEWED])
    had = values_of([customer.pk for customer in rows]) if own else {}
    told = [
        (
            customer,
            _changes(customer, data) + own_fields.shown(customer, had.get(customer.pk, {}), own),
        )
        for customer in rows
    ]
    return Preview(
        [
            Shown(f"{customer.code} {customer}", [each for each in changes if each[1] != each[2]])
            for customer, changes in told
        ]
    )


def _changes(customer: Customer, data: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(field, before, after) in words."""
    draft = Customer(**data)
    return [(str(_label(name)), _said(customer, name), _said(draft, name)) for name in data]


def _said(customer: Customer, name: str) -> str:
    """The value as screens say it."""
    field, value = _field(name), getattr(customer, name)
    if isinstance(field, BooleanField):
        return now_in_language("Yes") if value else now_in_language("No")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return "" if value is None else str(value)


def _label(name: str) -> Any:
    return capfirst(_field(name).verbose_name)


def _values(customer: Customer, names: Any) -> dict[str, Any]:
    """Plain values by field: a related row by its key, a date as text."""
    found = {}
    for name in names:
        value = getattr(customer, _field(name).attname)
        found[name] = value.isoformat() if hasattr(value, "isoformat") else value
    return found


def _rows(data: dict[str, Any]) -> dict[str, Any]:
    """The same with rows in place of their keys, and dates in place of texts."""
    found = {}
    for name, value in data.items():
        field = _field(name)
        if field.is_relation and value is not None:
            found[name] = field.related_model.objects.get(pk=value)  # type: ignore[union-attr]
        else:
            found[name] = field.to_python(value)
    return found


register(
    Act(
        "customers.edit",
        _("Edit in bulk"),
        Verb.EDIT_CUSTOMERS,
        "pencil",
        _("Collector, salesperson, billing: the same for all of them."),
        each=edit,
        undo=put_back,
        preview=preview,
        form=EditForm,
        order=15,
    )
)
