"""Which screens of messages people look for by name."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.verbs import Verb
from caudal.web import places
from caudal.web.places import Place

places.register(
    Place(
        _("Messages sent"),
        "messaging:messages",
        "mail",
        Verb.SEE_MESSAGES,
        _("e-mail whatsapp sms notices delivery"),
        "g m",
        is_act=False,
    ),
    Place(
        _("Message templates"),
        "messaging:templates",
        "mail-cog",
        Verb.SEND_MESSAGES,
        _("texts notices reminders wording"),
        is_act=False,
    ),
)
