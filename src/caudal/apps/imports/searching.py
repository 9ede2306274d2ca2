"""Which acts and screens of imports people look for by name."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.verbs import Verb
from caudal.web import places
from caudal.web.places import Place

places.register(
    Place(
        _("Import customers from a file"),
        "imports:file",
        "file-import",
        Verb.IMPORT_DATA,
        _("upload excel csv migrate wisphub wispro mikrowisp ispcube"),
        order=70,
    ),
    Place(
        _("Adopt a router that works"),
        "imports:router",
        "router",
        Verb.IMPORT_DATA,
        _("import mikrotik take over secrets queues"),
        order=71,
    ),
)
