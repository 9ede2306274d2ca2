"""What dunning puts on the menu."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.verbs import Verb
from caudal.web import menu
from caudal.web.menu import Item

SEE = Verb.SEE_BILLING

menu.register(Item(_("Cuts"), "dunning:cuts", "scissors", SEE, 50, group="billing"))
