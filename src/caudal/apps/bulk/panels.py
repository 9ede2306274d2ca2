"""What the room puts into the journal's words."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.bulk import errors  # noqa: F401 - its sentences
from caudal.apps.staff import acts

acts.register({"bulk.undo": _("Took a bulk act back")})
