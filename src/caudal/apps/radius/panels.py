"""What RADIUS puts on the menu and on the pages of customers and routers."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff import acts, scope
from caudal.apps.staff.verbs import Verb
from caudal.web import badges, menu, panels
from caudal.web.menu import Item
from caudal.web.panels import Panel

SEE = Verb.SEE_NETWORK

menu.register(Item(_("RADIUS"), "radius:overview", "key", SEE, 50, "network", on_phone=False))

panels.register(
    Panel("customer", "radius", _("Connection log"), "radius:customer", Verb.SEE_CUSTOMERS, 35, 6)
)
panels.register(Panel("router", "radius", _("Connection log"), "radius:router", SEE, 35, 12))

scope.register("radius.session", "connection__service__customer")
scope.register("radius.rejection", "connection__service__customer")
scope.register("radius.login", "connection__service__customer")

badges.register(
    {
        "silent": "red",
        "idle": "grey",
        "password": "amber",
        "unknown": "grey",
        "router": "amber",
        "mac": "amber",
        "sessions": "amber",
    }
)

acts.register(
    {
        "radius.policy": _("Changed the RADIUS policy"),
        "radius.close": _("Closed a session"),
    }
)
