"""Ages, amounts of data and signals as the tools show them."""

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()

GOOD_DBM, FAIR_DBM = -65, -75
"""A client link that is heard better works at full rate; worse than the second loses packets."""
_UNITS = ("B", "kB", "MB", "GB", "TB")


@register.filter
def age(seconds: int | None) -> str:
    """Two largest parts: 93784 is "1 d 2 h"."""
    if seconds is None:
        return "–"
    days, rest = divmod(int(seconds), 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, left = divmod(rest, 60)
    parts = [(days, _("d")), (hours, _("h")), (minutes, _("min")), (left, _("s"))]
    first = next((at for at, (count, _unit) in enumerate(parts) if count), 3)
    shown = [f"{count} {unit}" for count, unit in parts[first : first + 2] if count]
    return " ".join(shown) or f"0 {_('s')}"


@register.filter
def octets(count: int | None) -> str:
    """1500000 is "1.5 MB"."""
    if count is None:
        return "–"
    value, power = float(count), 0
    while value >= 1000 and power < len(_UNITS) - 1:
        value, power = value / 1000, power + 1
    return f"{number_format(round(value, 1 if power else 0), 1 if power else 0)} {_UNITS[power]}"


@register.filter
def lease_state(told: str) -> str:
    """What RouterOS calls a lease's state, in words; what is not known is shown as it is told."""
    words = {
        "bound": _("in use"),
        "waiting": _("not in use"),
        "offered": _("offered"),
        "testing": _("being tried"),
        "busy": _("taken by others"),
        "conflict": _("taken by others"),
    }
    return words.get(told, told) or "–"


@register.filter
def signal_color(dbm: int) -> str:
    return "green" if dbm >= GOOD_DBM else "amber" if dbm >= FAIR_DBM else "red"


@register.filter
def radio_rate(told: str) -> str:
    """Newer tables tell bits, 390000000; older ones words, 65Mbps-20MHz/1S."""
    return f"{int(told) / 1e6:g} Mbps" if told.isdigit() else told or "–"


@register.filter
def next_of(rows: list[object], at: int) -> object | None:
    """The row after the one at that place, None after the last."""
    return rows[at + 1] if at + 1 < len(rows) else None
