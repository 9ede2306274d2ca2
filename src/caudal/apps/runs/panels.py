"""What runs put on the menu and on the dashboard, and the words for their acts."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.runs import errors  # noqa: F401 - its sentences
from caudal.apps.staff import acts, critical, scope
from caudal.apps.staff.verbs import Verb
from caudal.web import badges, menu, panels
from caudal.web.menu import Item
from caudal.web.panels import Panel

RUN = Verb.RUN_BILLING

menu.register(Item(_("Runs"), "runs:list", "player-play", RUN, 40, group="billing"))

panels.register(Panel("dashboard", "runs", _("Runs"), "runs:waiting", RUN, 20, 6))

scope.register("runs.runrow", "customer")

badges.register(
    {
        "planning": "blue",
        "planned": "amber",
        "approved": "blue",
        "executing": "blue",
        "refused": "red",
        "problem": "red",
        "note": "grey",
        "shadow": "grey",
        "discarded": "grey",
        "new": "green",
        "changed": "amber",
        "gone": "red",
        "different": "red",
        "missing": "red",
        "extra": "amber",
        "equal": "green",
    }
)

acts.register(
    {
        "runs.plan": _("Asked for a run"),
        "runs.approve": _("Executed a run"),
        "runs.discard": _("Discarded a run"),
        "runs.set_terms": _("Changed what the clock does by itself"),
    }
)

critical.register(
    "cuts", _("Approving runs and mass cuts, and undoing them"), ["runs:approve", "runs:undo"]
)
