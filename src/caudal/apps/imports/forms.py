"""Forms of imports: the file, the router, what each column means, what would be created."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Plan, Technology
from caudal.apps.customers.models import Service, Zone
from caudal.apps.imports import load
from caudal.apps.imports.custom import meanings, said_twice
from caudal.apps.imports.editing import EDITABLE, said_by
from caudal.apps.imports.models import ImportRow, ImportRun
from caudal.apps.imports.options import Options
from caudal.apps.imports.sheets import DATES, MONTH_FIRST, TableField, under
from caudal.apps.network.models import Pool, Router
from caudal.core.ports.importer import Field
from caudal.web.decimals import TypedDecimal
from caudal.web.forms import KbpsField, PanelForm, Section


class _Standins(PanelForm):
    """What stands in where rows say nothing."""

    zone = forms.ModelChoiceField(
        Zone.objects.filter(is_active=True), required=False, label=_("Zone of rows without one")
    )
    pool = forms.ModelChoiceField(
        Pool.objects.select_related("router"),
        required=False,
        label=_("Pool of PPPoE users without a fixed address"),
        help_text=_("Its name must be that of the pool on the router."),
    )
    first_day = forms.DateField(
        label=_("First day that is billed here"),
        help_text=_("What is older was billed in the system before."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def options(self) -> Options:
        said = self.cleaned_data
        return Options(
            first_day=said["first_day"],
            zone=_key(said.get("zone")),
            pool=_key(said.get("pool")),
            router=_key(said.get("router")),
            debts=said.get("debts", True),
        )


class FileForm(_Standins):
    file = TableField(help_text=_("CSV or Excel, as the other system exports it."))
    source = forms.ChoiceField(required=False, label=_("Comes from"))
    router = forms.ModelChoiceField(
        Router.objects.all(), required=False, label=_("Router of rows without one")
    )
    debts = forms.BooleanField(
        required=False, initial=True, label=_("Bring balances over as debit and credit notes")
    )
    sections = (
        Section("", (("file", 8), ("source", 4))),
        Section(_("Where a row says nothing"), ("zone", "router", "pool")),
        Section(_("Money"), ("first_day", "debts")),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({"first_day": today, "debts": True})
        found = [("", _("Recognise it")), *load.sources()]
        self.fields["source"].choices = found  # type: ignore[attr-defined]


class RouterForm(_Standins):
    router = forms.ModelChoiceField(Router.objects.filter(is_active=True), label=_("Router"))
    sections = (Section("", (("router", 12), "zone", "pool", "first_day")),)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update({"first_day": today})
        self.fields["zone"].required = True
        self.fields["zone"].label = _("Zone of customers who are new")

    def options(self) -> Options:
        said = self.cleaned_data
        return Options(first_day=said["first_day"], zone=said["zone"].pk, pool=_key(said["pool"]))


@dataclass(frozen=True)
class BoundColumn:
    """A column of the file with some of its cells and the box that says what it means."""

    title: str
    samples: Sequence[str]
    field: forms.BoundField


class ColumnsForm(PanelForm):
    """One box per column; a meaning may be chosen once, but for those that several may have."""

    source = forms.ChoiceField(label=_("Comes from"))
    dates = forms.ChoiceField(label=_("Dates"), choices=DATES, required=False)

    def __init__(self, *args: Any, run: ImportRun, **kwargs: Any) -> None:
        initial = {"source": run.source} | {
            f"column_{place}": meaning for place, meaning in enumerate(run.mapping)
        }
        super().__init__(*args, **kwargs)
        self.initial.update(initial)
        self.run = run
        self.fields["source"].choices = load.sources()  # type: ignore[attr-defined]
        choices = [("", _("(left out)")), *meanings(run.created_by)]
        for place, title in enumerate(run.header):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                choices=choices, required=False, label=title
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        header = self.run.header
        chosen = [said.get(f"column_{place}", "") for place in range(len(header))]
        for place, other in said_twice(chosen).items():
            text = _("“%(other)s” means that already.") % {"other": header[other]}
            self.add_error(f"column_{place}", text)
        return said

    def month_first(self) -> bool | None:
        return MONTH_FIRST[self.cleaned_data["dates"]]

    def mapping(self) -> list[str]:
        return [self.cleaned_data[f"column_{place}"] for place in range(len(self.run.header))]

    def columns(self, samples: Sequence[Sequence[str]]) -> Iterator[BoundColumn]:
        for place, title in enumerate(self.run.header):
            yield BoundColumn(title, under(samples, place), self[f"column_{place}"])


class MissingForm(PanelForm):
    """One plan or zone that would be created."""

    approved = forms.BooleanField(required=False, label=_("Create it"))
    price = TypedDecimal(
        required=False, min_value=Decimal(0), max_digits=12, decimal_places=2, label=_("Price")
    )
    down_kbps = KbpsField(required=False, label=_("Download"))
    up_kbps = KbpsField(required=False, label=_("Upload"))
    technology = forms.ChoiceField(
        required=False, choices=Technology.choices, label=_("Technology")
    )

    def __init__(self, *args: Any, row: dict[str, Any], **kwargs: Any) -> None:
        known = {name: value for name, value in row.items() if value not in ("", 0)}
        super().__init__(*args, **kwargs)
        self.initial.update(known)
        self.row = row

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.row["kind"] == "plan" and said.get("approved"):
            for name in ("price", "down_kbps", "up_kbps"):
                if not self.errors.get(name) and said.get(name) in (None, ""):
                    self.add_error(name, _("Needed to create the plan."))
        return said

    def plain(self) -> dict[str, Any]:
        said = self.cleaned_data
        if self.row["kind"] == "zone":
            return self.row | {"approved": said["approved"]}
        price = said["price"]
        return self.row | {
            "approved": said["approved"],
            "price": "" if price is None else f"{price:f}",
            "down_kbps": said["down_kbps"] or 0,
            "up_kbps": said["up_kbps"] or 0,
            "technology": said["technology"] or self.row["technology"],
        }


class RowForm(PanelForm):
    """One row of a router: whose it is, and on which plan."""

    name = forms.CharField(label=_("Name"), max_length=200)
    phones = forms.CharField(label=_("Phones"), max_length=200, required=False)
    address = forms.CharField(label=_("Address"), max_length=250, required=False)
    plan = forms.ChoiceField(label=_("Plan"), required=False)
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea({"rows": 2}))
    match = forms.ModelChoiceField(
        Service.objects.all(), required=False, label=_("Existing customer"),
        widget=forms.HiddenInput,
    )  # fmt: skip
    sections = (Section("", (("name", 8), ("phones", 4), ("address", 8), ("plan", 4),
                             ("notes", 12))),)  # fmt: skip

    def __init__(self, *args: Any, row: ImportRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = said_by(row)
        self.initial.update({str(meaning): text for meaning, text in said.items()})
        self.initial["match"] = row.match_id
        names = {each["name"] for each in row.run.proposals} | {said.get(Field.PLAN, "")}
        names |= set(Plan.objects.filter(is_active=True).values_list("name", flat=True))
        choices = [("", _("(the one of who exists)")), *((n, n) for n in sorted(names - {""}))]
        self.fields["plan"].choices = choices  # type: ignore[attr-defined]

    def said(self) -> dict[Field, str]:
        return {meaning: self.cleaned_data.get(meaning.value, "") for meaning in EDITABLE}


def missing_forms(run: ImportRun, data: Any = None) -> list[MissingForm]:
    return [
        MissingForm(data, row=row, prefix=f"missing-{number}")
        for number, row in enumerate(run.missing)
    ]


def _key(row: Any) -> int | None:
    return row.pk if row is not None else None
