"""What the desk puts on the menu and on the first page."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.verbs import Verb
from caudal.web import menu, panels
from caudal.web.menu import Item
from caudal.web.panels import Panel

menu.register(Item(_("Summary"), "desk:dashboard", "layout-dashboard", "", 1, on_phone=True))

panels.register(
    Panel("dashboard", "income", _("Income by month"), "desk:income", Verb.SEE_INCOME, 10)
)
panels.register(
    Panel("dashboard", "jobs", _("Last runs of jobs"), "desk:last_runs", Verb.SEE_JOBS, 90)
)
