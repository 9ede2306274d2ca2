"""Placemarks of a file as rows that are put into force together, and taken back together."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as now_in_language
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from caudal.apps.bulk.acts import Act, Context, Done, Subject, register, register_subject
from caudal.apps.maps import actions
from caudal.apps.maps.models import Placemark
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.core.positions import PLACES, Position, read_position


def narrow(user: User, query: QueryDict) -> "QuerySet[Placemark]":
    """Those of the address's file that would move somebody whom this person may see."""
    asked = query.get("file", "")
    rows = visible(user, Placemark.objects.filter(outcome=Placemark.Outcome.MOVES))
    return rows.filter(file=int(asked)) if asked.isdecimal() else rows.none()


def ordered(found: "QuerySet[Placemark]", query: QueryDict) -> "QuerySet[Placemark]":
    return found.order_by("number")


def move(context: Context, mark: Placemark) -> Done:
    to = Position(mark.latitude.quantize(PLACES), mark.longitude.quantize(PLACES))
    stood = _place(context, mark, to, actions.ANYWHERE)
    if stood == to:
        raise RuleError("stands-there")
    return Done(now_in_language("Moved"), {"from": actions.text_of(stood)})


def move_back(context: Context, mark: Placemark, before: dict[str, Any]) -> str:
    """Where he still stands at the placemark."""
    here = Position(mark.latitude.quantize(PLACES), mark.longitude.quantize(PLACES))
    _place(context, mark, read_position(before["from"]), here)
    return now_in_language("Moved back")


def _place(context: Context, mark: Placemark, to: Position | None, expected: Any) -> Any:
    """Put its customer or site there; returns where he stood."""
    given = {"actor": context.actor, "now": context.now, "to": to, "expected": expected}
    if mark.customer is not None:
        stood = actions.position_of(mark.customer)
        actions.place_customer(row=mark.customer, **given)
        return stood
    if mark.site is None or not context.bulk.requested_by.may(Verb.CONFIGURE_NETWORK):
        raise RuleError("sites-stay")
    stood = actions.position_of(mark.site)
    actions.place_site(row=mark.site, **given)
    return stood


def _counted(n: int) -> str:
    return ngettext("%(n)d position changes.", "%(n)d positions change.", n) % {"n": n}


HEADINGS: list[tuple[Any, str]] = [(_("Number"), "code"), (_("Placemark"), "")]

register_subject(
    Subject(
        key="placemarks",
        title=_("Positions by file"),
        model=Placemark,
        verb=Verb.EDIT_CUSTOMERS,
        list_url="maps:files",
        narrow=narrow,
        ordered=ordered,
        count=_counted,
        headings=HEADINGS,
        template="maps/_bulk_row.html",
        cells=lambda mark: [mark.number, str(mark.customer or mark.site or mark)],
        related=("customer", "site"),
    )
)
register(
    Act(
        "placemarks.move",
        _("Change the positions"),
        Verb.EDIT_CUSTOMERS,
        "map-pin",
        _("Customers and sites are put where the file says."),
        each=move,
        undo=move_back,
    )
)
