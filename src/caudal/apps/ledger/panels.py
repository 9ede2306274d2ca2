"""What the ledger puts on the menu."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.verbs import Verb
from caudal.web import badges, menu
from caudal.web.menu import Item

menu.register(
    Item(
        _("Proof of the books"), "ledger:verification", "shield-check", Verb.RUN_BILLING, 90,
        group="billing",
    )
)  # fmt: skip

badges.register({"agrees": "green", "disagrees": "red", "waiting": "blue"})
