"""What the network puts on the menu and on other rooms' pages."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff import acts, critical, scope
from caudal.apps.staff.verbs import Verb
from caudal.web import badges, menu, panels
from caudal.web.menu import Item
from caudal.web.panels import Panel

SEE = Verb.SEE_NETWORK

menu.register(
    Item(_("Routers"), "network:routers", "router", SEE, 10, group="network", on_phone=False)
)
menu.register(Item(_("Zones"), "network:zones", "map-2", SEE, 20, group="network"))
menu.register(Item(_("Addresses"), "network:pools", "network", SEE, 30, group="network"))
menu.register(Item(_("Sites"), "network:sites", "building-broadcast-tower", SEE, 40, "network"))

menu.register(Item(_("Differences"), "network:differences", "git-compare", SEE, 50, "network"))
menu.register(Item(_("Brakes"), "network:safety", "hand-stop", SEE, 60, "network"))

panels.register(
    Panel("customer", "network", _("Network"), "network:proof", Verb.SEE_CUSTOMERS, 30, 6)
)
panels.register(
    Panel("customer", "tools", _("Tools"), "network:customer_tools", Verb.USE_TOOLS, 32, 6)
)
panels.register(Panel("dashboard", "routers", _("Routers"), "network:health", SEE, 40, 6))
panels.register(Panel("dashboard", "waiting", _("Pending changes"), "network:waiting", SEE, 50, 6))
panels.register(Panel("router", "findings", _("Differences"), "network:findings", SEE, 10, 5))
panels.register(Panel("router", "passes", _("Passes"), "network:passes", SEE, 20, 7))
panels.register(Panel("router", "services", _("Services"), "network:services", SEE, 30, 12))
panels.register(Panel("router", "sessions", _("Sessions"), "network:sessions", SEE, 40, 12))

scope.register("network.addressuse", "connection__service__customer")
scope.register("network.rowdecision", "undoes__connection__service__customer")
scope.register_shared("network.syncpass", "router__zones__branch")
scope.register_shared("network.pool", "router__zones__branch")
scope.register_shared("network.site", "routers__zones__branch")
scope.register_shared(
    "network.addressblock",
    *("zone__branch", "router__zones__branch", "site__routers__zones__branch"),
)
scope.register("network.operation", "connection__service__customer")

badges.register(
    {
        "off": "grey",
        "never": "amber",
        "swapped": "red",
        "alarm": "red",
        "failing": "amber",
        "frozen": "blue",
        "read_only": "blue",
        "ignore": "grey",
        "remove": "red",
        "leave": "amber",
    }
)

acts.register(
    {
        "connection.connect": _("Connected the service to a router"),
        "connection.edit": _("Edited the connection"),
        "connection.move": _("Moved the connection"),
        "connection.release": _("Released the address"),
        "connection.remove": _("Removed the connection: an import was taken back"),
        "connection.return": _("Gave the address back"),
        "router.save": _("Saved the router"),
        "router.freeze": _("Froze the router"),
        "router.unfreeze": _("Unfroze the router"),
        "router.approve_cuts": _("Confirmed cuts held by the brake"),
        "router.accept_serial": _("Accepted the replaced router"),
        "router.decide": _("Decided about a row of the router"),
        "router.forget_decision": _("Took back a decision about a row"),
        "router.undo": _("Undid a change on the router"),
        "router.cut_rules": _("Changed what the blocking rules are to be"),
        "router.install_rules": _("Installed the blocking rules"),
        "network.stop": _("Stopped all writing to routers"),
        "network.resume": _("Let routers be written again"),
        "network.ceiling": _("Changed the ceiling of cuts in an hour"),
        "backup.policy": _("Changed how long backups of routers are kept"),
        "pool.save": _("Saved the address pool"),
        "block.save": _("Saved the address block"),
        "block.remove": _("Removed the address block"),
        "site.save": _("Saved the site"),
        "zone.save": _("Saved the zone"),
        "zone.routers": _("Changed the routers of the zone"),
    }
)

critical.register("cuts", _("Approving runs and mass cuts, and undoing them"), ["network:approve"])
critical.register(
    "routers",
    _("Changing how routers are reached, and what stops them"),
    [
        *("network:new_router", "network:edit_router", "network:accept_serial"),
        *("network:resume_all", "network:unfreeze"),
    ],
)
