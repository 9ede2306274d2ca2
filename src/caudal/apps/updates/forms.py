"""Forms of updates: the file, and what each of its columns is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caudal.apps.imports.sheets import DATES, MONTH_FIRST, TableField, under
from caudal.apps.staff.models import User
from caudal.apps.updates.columns import KEYS, FileColumn, Part, columns, why_fixed
from caudal.apps.updates.differences import may_not
from caudal.apps.updates.models import Update
from caudal.web.forms import PanelForm, Section


class UploadForm(PanelForm):
    file = TableField(
        help_text=gettext_lazy("Excel, Google Sheets or CSV: the one you exported, edited.")
    )
    sections = (Section("", (("file", 12),)),)


@dataclass(frozen=True)
class BoundColumn:
    """A column of the file, some of its cells, the box that says what it is, and why it cannot."""

    title: str
    samples: Sequence[str]
    field: forms.BoundField
    why_not: str


class ColumnsForm(PanelForm):
    """One box per column of the file; each meaning goes to one column."""

    known_by = forms.ChoiceField(label=gettext_lazy("Customers are known by"))
    dates = forms.ChoiceField(label=gettext_lazy("Dates"), choices=DATES, required=False)
    empties = forms.BooleanField(
        label=gettext_lazy("An empty cell empties the field"), required=False,
        help_text=gettext_lazy("Without it, empty cells leave what there is."),
    )  # fmt: skip

    def __init__(self, *args: Any, update: Update, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.update, self.known = update, columns(user)
        self.user = user
        choices = [("", _("(left out)")), *self._offered()]
        for place, title in enumerate(update.header):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                choices=choices, required=False, label=title
            )
        self.fields["known_by"].choices = [  # type: ignore[attr-defined]
            (key, self.known[key].label) for key in KEYS if key in self.known
        ]
        self.initial.update(self._begun())

    def _begun(self) -> dict[str, Any]:
        update = self.update
        month = next(key for key, value in MONTH_FIRST.items() if value is update.month_first)
        mapped = {
            f"column_{at}": key if self._may(key) else "" for at, key in enumerate(update.mapping)
        }
        return {
            **mapped, "known_by": update.known_by, "dates": month, "empties": update.empties
        }  # fmt: skip

    def _offered(self) -> Iterator[tuple[str, Any]]:
        for column in self.known.values():
            if self._may(column.key):
                yield column.key, column.label

    def _may(self, key: str) -> bool:
        column = self.known.get(key)
        return column is not None and self.user.may(column.verb)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        seen: dict[str, str] = {}
        for place, title in enumerate(self.update.header):
            key = given.get(f"column_{place}", "")
            if key and key in seen:
                text = _("“%(other)s” is that already.") % {"other": seen[key]}
                self.add_error(f"column_{place}", text)
            seen.setdefault(key, title)
        if given.get("known_by") and given["known_by"] not in seen:
            self.add_error("known_by", _("No column of the file is that: choose it below."))
        elif all(self._is_key(key, given) for key in seen):
            self.add_error(None, _("No column of the file is to be changed: choose one."))
        return given

    def _is_key(self, key: str, given: dict[str, Any]) -> bool:
        known_by = given.get("known_by")
        column: FileColumn | None = self.known.get(key)
        is_key = column is None or (column.part is Part.KEY and key != "code")
        return is_key or key == known_by

    def chosen(self) -> dict[str, Any]:
        """As `actions.choose_columns` takes it."""
        given = self.cleaned_data
        return {
            "mapping": [given[f"column_{at}"] for at in range(len(self.update.header))],
            "known_by": given["known_by"],
            "empties": given["empties"],
            "month_first": MONTH_FIRST[given["dates"]],
        }

    def columns(self, samples: Sequence[Sequence[str]]) -> Iterator[BoundColumn]:
        for place, title in enumerate(self.update.header):
            cells = under(samples, place)
            yield BoundColumn(title, cells, self[f"column_{place}"], self._why_not(place))

    def _why_not(self, place: int) -> str:
        """Why a file cannot change what the column holds; "" where it can, or nobody knows it."""
        mapped = self.update.mapping[place]
        if mapped and mapped in self.known and not self._may(mapped):
            return may_not(self.known[mapped].verb)
        return "" if mapped else str(why_fixed(self.update.header[place]))
