"""What imports put on the menu and on other rooms' pages."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.imports import errors  # noqa: F401 - its sentences
from caudal.apps.staff import acts, scope
from caudal.apps.staff.verbs import Verb
from caudal.web import badges, menu, panels
from caudal.web.menu import Item
from caudal.web.panels import Panel

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
scope.register("imports.importrow", "customer")
panels.register(
    Panel("router", "first-plan", _("First plan"), "imports:first_plan_note", Verb.SEE_NETWORK, 5)
)
badges.register(
    {
        "likely": "green",
        "doubtful": "amber",
        "unlikely": "red",
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
        "undone": "grey",
    }
)

acts.register(
    {
        "imports.open": _("Began an import"),
        "imports.open_router": _("Began to adopt a router"),
        "imports.approve": _("Approved the import"),
        "imports.approve_plan": _("Approved the first plan of a router"),
        "imports.edit_row": _("Changed a row of a router before its import"),
        "imports.discard": _("Discarded the import"),
        "bulk.importrows.undo": _("Took an import back"),
        "demo.found": _("Founded the demo"),
        "imports.create_missing": _("Created it for an import"),
    }
)
