"""What reports put on the menu."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.verbs import Verb
from caudal.web import menu
from caudal.web.menu import Item

menu.register(
    Item(_("Churn"), "reports:churn", "users-minus", Verb.SEE_INCOME, order=10, group="reports")
)
