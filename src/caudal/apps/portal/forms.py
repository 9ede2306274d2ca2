"""The form in which a company words its notice page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caudal.apps.messaging.render import readable
from caudal.apps.portal.models import NoticePage
from caudal.web.forms import PanelModelForm, Section

TEXTS = ("headline", "body", "reminder", "how_to_pay")


class NoticePageForm(PanelModelForm):
    portal_url = forms.URLField(
        label=_("Link to pay or to the portal"),
        required=False,
        assume_scheme="https",
        help_text=_("Becomes the button. Who is cut must be able to open it."),
    )

    class Meta:
        model = NoticePage
        fields = (*TEXTS, "portal_url", "shows_debt", "every_hours", "for_seconds")
        widgets = {
            name: forms.Textarea(attrs={"rows": 4}) for name in ("body", "reminder", "how_to_pay")
        }
        help_texts = {
            "headline": _("Empty: the usual words."),
            "body": _("Empty: the usual words."),
            "reminder": _("Empty: the usual words."),
            "every_hours": _("Who has read it browses so long before he sees it again."),
            "for_seconds": _("How long it stands before one may go on."),
            "how_to_pay": _("Bank accounts, shops, references: a line each."),
        }

    sections = [
        Section(_("Words"), [("headline", 12), ("body", 12), ("reminder", 12)]),
        Section(_("Reminder"), ["every_hours", "for_seconds"]),
        Section(_("Paying"), [("how_to_pay", 12), ("portal_url", 8), ("shows_debt", 12)]),
    ]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in TEXTS:
            self.fields[name].validators.append(readable)
