"""Tell many customers something, and give them passwords for the portal (IC-29)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as now_in_language
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.notices import Post, service_values
from caudal.apps.bulk.acts import Act, Context, Done, register
from caudal.apps.customers import actions as customers
from caudal.apps.customers.models import Customer, ServiceState
from caudal.apps.messaging import actions as messaging
from caudal.apps.messaging.models import Delivery
from caudal.apps.messaging.occasions import Occasion
from caudal.apps.messaging.render import readable
from caudal.apps.network.credentials import random_password
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError
from caudal.web.forms import PanelForm


class MessageForm(PanelForm):
    subject = forms.CharField(label=_("Subject"), max_length=200, validators=[readable])
    body = forms.CharField(
        label=_("Text"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        validators=[readable],
        help_text=_("{{ customer.name }}, {{ customer.code }}, {{ balance }} and {{ company.name }}"
                    " stand for what each customer has."),
    )  # fmt: skip


def message(context: Context, customer: Customer) -> Done:
    """Leave one e-mail in the outbox; each act tells each customer once."""
    notice = _notice(context, customer, "", {})
    messaging.queue_text(
        notice,
        subject=str(context.options["subject"]),
        body=str(context.options["body"]),
        now=context.now,
    )
    return _left(notice)


def welcome(context: Context, customer: Customer) -> Done:
    """The welcome message, again or for the first time (WH-124)."""
    service = customer.services.exclude(state=ServiceState.CANCELLED).first()
    if service is None:
        raise RuleError("no-living-service")
    notice = _notice(context, customer, Occasion.WELCOME, service_values(service))
    messaging.queue_all([notice], now=context.now)
    return _left(notice)


def withdraw(context: Context, customer: Customer, before: dict[str, Any]) -> str:
    """Take back what still waits in the outbox."""
    delivery = Delivery.objects.filter(key=before["key"]).first()
    if delivery is None or not messaging.withdraw(
        actor=context.actor, now=context.now, delivery=delivery
    ):
        raise RuleError("sent-already")
    return now_in_language("Withdrawn")


def give_password(context: Context, customer: Customer) -> Done:
    """A password for the portal to who has none; who asked can read it for a month."""
    if customer.portal_password:
        raise RuleError("has-a-password")
    password = random_password()
    digest = customers.set_portal_password(
        actor=context.actor, now=context.now, customer=customer, password=password
    )
    return Done(now_in_language("New password"), {"mark": digest[-16:]}, secret=password)


def take_password(context: Context, customer: Customer, before: dict[str, Any]) -> str:
    """Away again, unless he or somebody has another one by now."""
    if not customer.portal_password.endswith(before["mark"]):
        raise RuleError("changed-since")
    customers.set_portal_password(
        actor=context.actor, now=context.now, customer=customer, password=""
    )
    return now_in_language("Without password")


def _notice(
    context: Context, customer: Customer, occasion: str, values: dict[str, Any]
) -> messaging.Notice:
    if not customer.may_be_notified:
        raise RuleError("not-notified")
    key = f"bulk:{context.bulk.pk}:{customer.pk}"
    post = Post([customer.pk])
    notice = post.notice(customer, occasion, key, customer.company.currency, values)
    if not notice.to:
        raise RuleError("no-address", customer=customer.name)
    return notice


def _left(notice: messaging.Notice) -> Done:
    text = now_in_language("Left for %(address)s") % {"address": notice.to}
    return Done(text, {"key": notice.key})


SENT = _("Messages that went out cannot be taken back: its undo withdraws those that wait.")

register(
    Act(
        "customers.message",
        _("Send a message"),
        Verb.SEND_MESSAGES,
        "mail",
        _("Each gets an e-mail of his own, in the outbox at once."),
        each=message,
        undo=withdraw,
        lasting=SENT,
        form=MessageForm,
        order=50,
    )
)
register(
    Act(
        "customers.welcome",
        _("Send the welcome message"),
        Verb.SEND_MESSAGES,
        "mail-heart",
        _("As the template of messages says."),
        each=welcome,
        undo=withdraw,
        lasting=SENT,
        order=51,
    )
)
register(
    Act(
        "customers.portal_password",
        _("Make portal passwords"),
        Verb.EDIT_CUSTOMERS,
        "key",
        _("Who has none gets one at random. Only you can read them here, for thirty days."),
        each=give_password,
        undo=take_password,
        order=60,
    )
)
