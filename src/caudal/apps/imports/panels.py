"""What imports put on the menu and on other rooms' pages."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.verbs import Verb
from caudal.web import badges, menu
from caudal.web.menu import Item

menu.register(
    Item(
        _("Import"),
        "imports:runs",
        "table-import",
        Verb.IMPORT_DATA,
        order=60,
        group="system",
    )
)
badges.register(
    {
        "mapping": "amber",
        "checking": "blue",
        "review": "amber",
        "applying": "blue",
        "new": "green",
        "changed": "blue",
        "same": "grey",
        "wrong": "red",
        "unchecked": "grey",
        "waiting": "grey",
    }
)
