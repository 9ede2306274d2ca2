"""What training puts on the menu, and only in the demo."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.verbs import Verb
from caudal.web import badges, menu
from caudal.web.menu import Item

badges.register({"training-on": "green", "training-off": "red"})

if settings.DEMO:
    menu.register(
        Item(
            _("Practice"),
            "training:practice",
            "flask",
            Verb.RUN_JOBS,
            order=95,
            group="system",
        )
    )
