"""What the rows of the customers list say in words: looked up once for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from caudal.apps.catalog.models import Technology
from caudal.apps.customers.models import Customer, PersonKind, ServiceState, SuspensionReason
from caudal.apps.desk.list.rows import Listed
from caudal.apps.network.models import Connection
from caudal.web.badges import color_of


@dataclass(frozen=True, slots=True)
class Words:
    """Labels by code, in the reader's language."""

    states: Mapping[str, str]
    colors: Mapping[str, str]
    syncs: Mapping[str, str]
    technologies: Mapping[str, str]
    reasons: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]]
    """Of columns of the customer, by their name."""
    labels: Mapping[str, str]
    """Of the columns of the list, by their key."""
    yes: str
    no: str
    choose: str
    panel: str
    tools: str

    @classmethod
    def in_readers_language(cls, columns: Any = ()) -> "Words":
        states = _said(ServiceState.choices) | {"archived": _("Archived")}
        return cls(
            states=states,
            colors={code: color_of(code) for code in states},
            syncs=_said(Connection.Sync.choices),
            technologies=_said(Technology.choices),
            reasons=_said(SuspensionReason.choices),
            choices={
                "person_kind": _said(PersonKind.choices),
                "medium": _said(Customer.Medium.choices),
            },
            labels={column.key: str(column.label) for column in columns},
            yes=_("Yes"),
            no=_("No"),
            choose=_("Choose"),
            panel=_("Details"),
            tools=_("Tools"),
        )

    def choice(self, name: str, code: str) -> str:
        return self.choices[name].get(code, code)

    def yes_no(self, value: object) -> str:
        return self.yes if value else self.no

    def moment(self, at: datetime | None) -> str:
        return date_format(localtime(at), "SHORT_DATETIME_FORMAT") if at else ""

    def reasons_of(self, row: Listed) -> str:
        return ", ".join(self.reasons.get(reason, reason) for reason, _since in row.reasons)


def _said(choices: Any) -> dict[str, str]:
    return {code: str(label) for code, label in choices}
