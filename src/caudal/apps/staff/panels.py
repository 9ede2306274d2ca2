"""What the staff room adds to the menu and to the customer's page."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff import critical
from caudal.apps.staff.verbs import Verb
from caudal.web.menu import Item
from caudal.web.menu import register as add_to_menu
from caudal.web.panels import Panel
from caudal.web.panels import register as add_panel

MANAGE = Verb.MANAGE_STAFF

add_to_menu(Item(_("Users"), "staff:users", "user-shield", MANAGE, order=60, group="system"))
add_to_menu(Item(_("Roles"), "staff:roles", "key", MANAGE, order=61, group="system"))
add_to_menu(
    Item(_("Branches"), "staff:branches", "building-store", MANAGE, order=62, group="system")
)
add_to_menu(Item(_("Open sessions"), "staff:sessions", "devices", MANAGE, order=63, group="system"))
add_to_menu(Item(_("Security"), "staff:security", "shield-lock", MANAGE, order=64, group="system"))
add_to_menu(
    Item(_("Journal"), "staff:journal", "history", Verb.SEE_JOURNAL, order=70, group="system")
)
add_panel(
    Panel("customer", "journal", _("Journal"), "staff:customer-journal", Verb.SEE_JOURNAL, 90)
)

critical.register(
    "rights",
    _("Changing users, roles, branches, keys and security"),
    [
        *("staff:create-user", "staff:edit-user", "staff:user-password", "staff:set-active"),
        *("staff:create-role", "staff:edit-role", "staff:delete-role", "staff:create-token"),
        *("staff:reset-second-factor", "staff:security", "staff:branch", "staff:create-branch"),
        *("staff:delete-branch", "staff:close-session-of"),
    ],
)
