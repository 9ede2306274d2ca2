"""What monitoring puts on the menu and on other pages, its words, colours and rows."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.monitoring import errors  # noqa: F401 - its sentences
from caudal.apps.staff import acts, scope
from caudal.apps.staff.verbs import Verb
from caudal.web import badges, menu, panels
from caudal.web.menu import Item
from caudal.web.panels import Panel

SEE = Verb.SEE_NETWORK

menu.register(
    Item(_("Monitoring"), "monitoring:devices", "heart-rate-monitor", SEE, 50, group="network")
)
menu.register(Item(_("Outages"), "monitoring:outages", "alert-triangle", SEE, 60, group="network"))

panels.register(Panel("dashboard", "monitoring", _("Monitoring"), "monitoring:card", SEE, 45, 6))
panels.register(
    Panel("customer", "outages", _("Outages"), "monitoring:customer", Verb.SEE_CUSTOMERS, 32, 6)
)

scope.register_shared("monitoring.device", "router__zones__branch", "site__routers__zones__branch")
scope.register_shared(
    "monitoring.alarm",
    *("device__router__zones__branch", "device__site__routers__zones__branch"),
)
scope.register("monitoring.servedby", "service__customer")
scope.register("monitoring.creditproposal", "customer")
scope.register("monitoring.cover", "customer")

badges.register(
    {
        "unknown": "grey",
        "up": "green",
        "failing": "amber",
        "down": "red",
        "unreachable": "grey",
        "poor": "amber",
        "flapping": "amber",
        "proposed": "amber",
        "approved": "blue",
        "posted": "green",
        "rejected": "grey",
    }
)

acts.register(
    {
        "device.save": _("Saved the device"),
        "checktemplate.save": _("Saved the template of checks"),
        "monitoringrules.save": _("Saved the rules of monitoring"),
        "service.served_by": _("Changed through what the service is given"),
        "outage.cover": _("Said what fails in the outage"),
        "outage.tell_begun": _("Told customers of the outage"),
        "outage.tell_ended": _("Told customers that the outage is over"),
        "outage.propose_credits": _("Worked out the credits of the outage"),
        "outage.credits_approved": _("Approved credits of the outage"),
        "outage.credits_rejected": _("Rejected credits of the outage"),
        "outage.take_back_credits": _("Took credits of the outage back"),
    }
)
