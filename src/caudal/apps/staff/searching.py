"""Which acts and screens of the staff people look for by name."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.verbs import Verb
from caudal.web import places
from caudal.web.places import Place

places.register(
    Place(
        _("Journal"),
        "staff:journal",
        "history",
        Verb.SEE_JOURNAL,
        _("audit log who changed what"),
        "g b",
        is_act=False,
    ),
    Place(
        _("New user"),
        "staff:create-user",
        "user-plus",
        Verb.MANAGE_STAFF,
        _("employee staff add account"),
        order=75,
    ),
    Place(
        _("My account"),
        "staff:profile",
        "user-cog",
        "",
        _("password language sessions profile"),
        order=90,
    ),
    Place(
        _("Change my password"),
        "staff:own-password",
        "password",
        "",
        _("key secret"),
        order=91,
    ),
    Place(
        _("API keys"),
        "staff:tokens",
        "api",
        "",
        _("token rest integration"),
        is_act=False,
    ),
)
