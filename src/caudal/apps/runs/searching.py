"""Which acts and screens of billing runs people look for by name."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.verbs import Verb
from caudal.web import places
from caudal.web.places import Place

places.register(
    Place(
        _("Run of invoices or cuts"),
        "runs:plan",
        "player-play",
        Verb.RUN_BILLING,
        _("billing run create invoices issue cut suspend plan preview"),
        order=20,
    ),
    Place(
        _("Runs"),
        "runs:list",
        "list-check",
        Verb.RUN_BILLING,
        _("billing runs plans approve undo"),
        "g o",
        is_act=False,
    ),
    Place(
        _("Change prices"),
        "runs:prices",
        "currency-dollar",
        Verb.EDIT_CATALOG,
        _("raise tariff increase plans"),
        order=65,
    ),
    Place(
        _("What the clock does by itself"),
        "runs:terms",
        "clock-cog",
        Verb.RUN_BILLING,
        _("automatic brakes approve runs settings"),
        order=85,
    ),
    Place(
        _("Shadow month"),
        "runs:shadow",
        "ghost",
        Verb.RUN_BILLING,
        _("compare with another system migrate"),
        order=86,
    ),
)
