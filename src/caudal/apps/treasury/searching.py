"""Which acts and screens of money from outside people look for by name."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.verbs import Verb
from caudal.web import places
from caudal.web.places import Place

places.register(
    Place(
        _("Unmatched money"),
        "treasury:waiting",
        "zoom-money",
        Verb.SEE_ARRIVALS,
        _("unidentified deposits waiting reconcile"),
        "g u",
        is_act=False,
    ),
    Place(
        _("Upload a bank statement"),
        "treasury:new_statement",
        "file-upload",
        Verb.MATCH_ARRIVALS,
        _("bank reconcile import ofx csv file lines"),
        order=40,
    ),
    Place(
        _("Reported payments"),
        "treasury:reports",
        "message-dollar",
        Verb.SEE_ARRIVALS,
        _("transfer proof voucher approve customers"),
        is_act=False,
    ),
)
