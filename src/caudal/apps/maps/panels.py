"""What the map puts on the menu."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.maps import errors  # noqa: F401 - its sentences
from caudal.apps.staff import acts, scope
from caudal.apps.staff.verbs import Verb
from caudal.web import menu
from caudal.web.menu import Item

menu.register(Item(_("Map"), "maps:chart", "map-2", Verb.SEE_CUSTOMERS, 12, group="customers"))

scope.register("maps.placemark", "customer")

acts.register(
    {
        "customer.place": _("Changed the position on the map"),
        "positionfile.keep": _("Sent a file of positions"),
        "bulk.placemarks.move": _("Changed positions by a file"),
    }
)
