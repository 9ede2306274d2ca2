"""Which acts and screens of cuts and promises people look for by name."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.verbs import Verb
from caudal.web import places
from caudal.web.places import Place

places.register(
    Place(
        _("Cuts"),
        "dunning:cuts",
        "cut",
        Verb.SEE_BILLING,
        _("who is to be cut suspended unpaid debtors overdue"),
        "g k",
        is_act=False,
    ),
    Place(
        _("Promises to pay"),
        "dunning:promises",
        "calendar-heart",
        Verb.SEE_BILLING,
        _("commitment agreement extension"),
        "g h",
        is_act=False,
    ),
)
