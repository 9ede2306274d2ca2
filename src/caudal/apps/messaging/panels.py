"""What messaging puts on the menu and on the customer's page."""

from django.utils.translation import gettext_lazy as _

from caudal.apps.messaging.models import Delivery
from caudal.apps.staff import acts
from caudal.apps.staff.verbs import Verb
from caudal.web import badges, menu, panels
from caudal.web.menu import Item
from caudal.web.panels import Panel

SEE = Verb.SEE_MESSAGES

menu.register(Item(_("Messages sent"), "messaging:messages", "mail", SEE, 50, group="messages"))
menu.register(
    Item(
        _("Message templates"),
        "messaging:templates",
        "mail-cog",
        Verb.SEND_MESSAGES,
        order=55,
        group="messages",
    )
)
panels.register(Panel("customer", "messages", _("Messages"), "messaging:of-customer", SEE, 75, 6))
badges.register({Delivery.Status.WAITING: "amber"})

acts.register(
    {
        "messages.edit_template": _("Edited the message template"),
        "messages.resend": _("Sent the message again"),
        "messages.withdraw": _("Withdrew the message"),
        "messages.write": _("Wrote to the customer"),
    }
)
