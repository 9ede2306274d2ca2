"""What imports put on the menu and on other rooms' pages."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff import acts
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

acts.register(
    {
        "imports.open": _("Began an import"),
        "imports.open_router": _("Began to adopt a router"),
        "imports.approve": _("Approved the import"),
        "imports.discard": _("Discarded the import"),
        "demo.found": _("Founded the demo"),
        "imports.create_missing": _("Created it for an import"),
    }
)
