"""The words of what is done to outages, their colours, and whose rows they are."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.outages import errors  # noqa: F401 - its sentences
from caudal.apps.staff import acts, scope
from caudal.web import badges

scope.register("outages.affected", "customer")

badges.register({"outage_open": "red", "outage_ended": "green", "outage_void": "grey"})

acts.register(
    {
        "outage.open": _("Opened the outage"),
        "outage.edit": _("Corrected the outage"),
        "outage.end": _("Ended the outage"),
        "outage.void": _("Called the outage a false alarm"),
    }
)
