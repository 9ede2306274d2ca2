"""What outages refuse, and the sentences for it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from caudal.web import errors


class OutageCode(StrEnum):
    IN_FUTURE = "outage-in-future"
    ENDS_BEFORE = "outage-ends-before-it-starts"
    IS_OVER = "outage-is-over"


errors.register(
    {
        OutageCode.IN_FUTURE: _("Type a time that has come already."),
        OutageCode.ENDS_BEFORE: _("It cannot end before it began."),
        OutageCode.IS_OVER: _("This outage is over already."),
    }
)
