"""What the portal puts on the menu."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff import acts
from caudal.apps.staff.verbs import Verb
from caudal.web import menu
from caudal.web.menu import Item

menu.register(
    Item(_("Notice page"), "portal:pages", "browser", Verb.EDIT_CATALOG, 70, group="system")
)
acts.register({"portal.save_page": _("Changed the notice page")})
