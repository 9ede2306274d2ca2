"""What jobs say in their results, so that the screen can say it in the reader's language.

A job's result has short English keys; a key that is missing here is shown as it is.
"""

from django.utils.translation import gettext_noop as _

RESULTS = (
    _("created"), _("parked"), _("totals"), _("skipped"), _("issued"), _("reminders"), _("cut"),
    _("sent"), _("failed"), _("retried"), _("plans"), _("imports"), _("forgotten"), _("busy"),
    _("already billed period"), _("customer gratis"), _("not served"), _("recharge unpaid"),
    _("operator invoice this month"), _("invoice this month"), _("suspended not billed"),
    _("in sync"), _("applied"), _("braked"), _("unreachable"), _("drift"), _("read only"),
)  # fmt: skip
