"""The form of the RADIUS policy."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from caudal.apps.radius.models import Policy
from caudal.web.forms import PanelModelForm, Section

_RATE = re.compile(r"\d+[kMG]?/\d+[kMG]?")


class PolicyForm(PanelModelForm):
    class Meta:
        model = Policy
        fields = (
            "on_cut", "on_cancelled", "on_unknown", "notice_pool", "notice_rate", "interim_s",
            "one_session", "any_router",
        )  # fmt: skip
        help_texts = {
            "on_cut": _("He signs in with his password either way."),
            "on_unknown": _("Let in without a password: works with PAP and CHAP only."),
            "notice_pool": _(
                "Name of a pool on the routers. Empty: a cut customer keeps his address and goes "
                "on the router's list of cut customers."
            ),
            "notice_rate": _("Upload/download, such as 256k/256k."),
            "interim_s": _(
                "A session that misses three reports counts as ended. It holds from the next "
                "sign-in on."
            ),
            "one_session": _("The same device may always come back."),
        }

    sections = [
        Section(_("Who must not browse"), [("on_cut", 4), ("on_cancelled", 4), ("on_unknown", 4)]),
        Section(_("The notice"), ["notice_pool", "notice_rate"]),
        Section(_("Sessions"), ["interim_s", ("one_session", 12), ("any_router", 12)]),
    ]

    def clean_notice_rate(self) -> str:
        rate = str(self.cleaned_data["notice_rate"]).strip()
        if not _RATE.fullmatch(rate):
            raise ValidationError(_("Write it as 256k/256k: upload, a slash, download."))
        return rate
