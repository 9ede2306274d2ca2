"""What the documents room puts on the menu."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.documents import errors  # noqa: F401 - its sentences
from caudal.apps.staff import acts
from caudal.apps.staff.verbs import Verb
from caudal.web import menu
from caudal.web.menu import Item

menu.register(
    Item(
        _("Document templates"), "documents:templates", "template", Verb.EDIT_CATALOG, 90,
        group="catalog",
    )
)  # fmt: skip

acts.register({"documents.edit_template": _("Changed the document template")})
