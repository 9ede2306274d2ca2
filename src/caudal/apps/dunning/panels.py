"""What dunning puts on the menu, on the customer's page and on the first page."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.dunning import errors  # noqa: F401 - its sentences
from caudal.apps.staff import acts, scope
from caudal.apps.staff.verbs import Verb
from caudal.web import badges, menu, panels
from caudal.web.menu import Item
from caudal.web.panels import Panel

SEE = Verb.SEE_BILLING

menu.register(Item(_("Cuts"), "dunning:cuts", "scissors", SEE, 50, group="billing"))
menu.register(Item(_("Promises"), "dunning:promises", "calendar-heart", SEE, 55, group="billing"))

panels.register(
    Panel("customer", "promises", _("Promises to pay"), "dunning:customer-promises", SEE, 45)
)
panels.register(
    Panel("customer", "notices", _("Notices to come"), "dunning:customer-notices", SEE, 22, 6)
)
panels.register(
    Panel("dashboard", "given-up", _("Cuts that were not done"), "dunning:alerts", SEE, 5)
)

scope.register("dunning.promise", "customer")

badges.register(
    {"live": "blue", "kept": "green", "broken": "red", "given-up": "red", "removed": "grey"}
)

acts.register(
    {
        "dunning.promise": _("Took a promise to pay"),
        "dunning.promise_removed": _("Withdrew the promise to pay"),
        "dunning.promise_replaced": _("Replaced the promise to pay"),
        "dunning.promise_dropped": _("Dropped the promise to pay"),
        "dunning.promise_kept": _("The promise to pay was kept"),
        "dunning.promise_broken": _("The promise to pay was broken"),
        "dunning.promise_given_up": _("Gave up cutting after a promise to pay"),
        "dunning.see_alert": _("Saw the alert of a promise to pay"),
    }
)
