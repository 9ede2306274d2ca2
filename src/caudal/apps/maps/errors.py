"""The sentences for what this room refuses."""

from django.utils.translation import gettext_lazy as _

from caudal.web.errors import register

register(
    {
        "moved-since": _("Somebody has changed the position since: it was left as it is."),
    }
)
