"""Gateways: accounts at them, links that customers pay at, notices, and the payments these tell of.

A notice is a row that never changes but for whether it was worked off; what all notices of one
payment together mean is the row of that payment.
"""

from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models import Invoice
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer
from caudal.apps.payments.models import CashBox, Payment
from caudal.core.ports.gateway import PaymentStatus
from caudal.store.money import MoneyField
from caudal.store.secrets import SecretField

STATUSES: dict[str, str | Promise] = {
    PaymentStatus.PENDING: _("Pending"),
    PaymentStatus.REJECTED: _("Rejected"),
    PaymentStatus.APPROVED: _("Approved"),
    PaymentStatus.REFUNDED: _("Given back"),
    PaymentStatus.CHARGED_BACK: _("Charged back"),
}


class Gateway(models.Model):
    """An account at a payment gateway, whose money lands in one cash box."""

    slug = models.SlugField(_("short name"), max_length=30, unique=True)
    """Part of the address that notices are sent to, and `Payment.gateway` of what they bring."""
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=20)
    """Slug of the integration."""
    company = models.ForeignKey(Company, models.PROTECT, verbose_name=_("company"))
    cash_box = models.ForeignKey(
        CashBox, models.PROTECT, verbose_name=_("cash box"), related_name="gateways"
    )
    settings = models.JSONField(default=dict)
    """What its integration asks for, but secrets."""
    secrets = SecretField(blank=True)
    """Those as a JSON object, encrypted."""
    restores = models.BooleanField(_("a payment restores the service"), default=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("payment gateway")
        verbose_name_plural = _("payment gateways")

    def __str__(self) -> str:
        return self.name


class PaymentLink(models.Model):
    """What a customer was asked to pay at a gateway, and the address where he does."""

    gateway = models.ForeignKey(Gateway, models.PROTECT, related_name="links")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="payment_links")
    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="payment_links")
    reference = models.CharField(_("reference"), max_length=60, unique=True)
    amount = MoneyField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    url = models.URLField(_("address"), max_length=1000, blank=True)
    created_at = models.DateTimeField(_("created"))
    created_by = models.CharField(_("by"), max_length=120)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("payment link")
        verbose_name_plural = _("payment links")
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="link_positive")]

    def __str__(self) -> str:
        return self.reference


class GatewayPayment(models.Model):
    """A payment as the gateway knows it, which only moves forward (PAY-6)."""

    class Unmatched(models.TextChoices):
        """Why its money is not a customer's payment; empty where it is, or none is there."""

        UNKNOWN_REFERENCE = "unknown-reference", _("The reference is nobody's")
        OTHER_AMOUNT = "other-amount", _("Not the amount that was asked for")
        OTHER_CURRENCY = "other-currency", _("Another currency")
        REFUSED = "refused", _("The payment could not be registered")
        PART_REFUNDED = "part-refunded", _("A part was given back: correct it by hand")

    gateway = models.ForeignKey(Gateway, models.PROTECT, related_name="payments")
    external_id = models.CharField(_("payment id"), max_length=120)
    status = models.CharField(_("state"), max_length=12, blank=True)
    """`core.ports.gateway.PaymentStatus`; empty until the first notice is worked off."""
    amount = MoneyField(_("amount"), default=0)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    paid_at = models.DateTimeField(_("paid"), null=True)
    refunded = MoneyField(_("given back"), default=0)
    customer = models.ForeignKey(
        Customer, models.PROTECT, null=True, related_name="gateway_payments"
    )
    invoice = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="+")
    payment = models.OneToOneField(
        Payment, models.PROTECT, null=True, related_name="gateway_payment"
    )
    unmatched = models.CharField(_("why it waits"), max_length=20, choices=Unmatched, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    """Of a REFUSED one: the refusal. Of one that a person set aside: why."""
    first_at = models.DateTimeField(_("first heard of"))
    changed_at = models.DateTimeField(_("changed"))
    settled_by = models.CharField(_("settled by"), max_length=120, blank=True)

    class Meta:
        ordering = ["-first_at", "-id"]
        verbose_name = _("payment at the gateway")
        verbose_name_plural = _("payments at gateways")
        constraints = [
            models.UniqueConstraint(
                fields=["gateway", "external_id"], name="one_row_per_gateway_payment"
            )
        ]
        indexes = [
            models.Index(
                fields=["first_at"], name="gateway_money_waiting", condition=~Q(unmatched="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.external_id}"

    @property
    def status_label(self) -> str:
        """The state in words."""
        return str(STATUSES.get(self.status, self.status))


class GatewayEvent(models.Model):
    """One notice, stored once however often it came."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        LATE = "late", _("Came late")
        OTHER = "other", _("Concerns no payment")
        FAILED = "failed", _("Failed")

    gateway = models.ForeignKey(
        Gateway, models.PROTECT, verbose_name=_("payment gateway"), related_name="events"
    )
    event_id = models.CharField(_("event"), max_length=150)
    payment_id = models.CharField(_("payment id"), max_length=120, blank=True)
    told = models.JSONField(null=True)
    """The payment as the notice tells it; null where the gateway has to be asked."""
    body = models.TextField(_("notice"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    received_at = models.DateTimeField(_("received"))
    repeats = models.PositiveIntegerField(_("repeats"), default=0)
    about = models.ForeignKey(GatewayPayment, models.PROTECT, null=True, related_name="events")
    tries = models.PositiveIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try"), null=True)
    error = models.CharField(_("error"), max_length=200, blank=True)

    class Meta:
        ordering = ["-received_at", "-id"]
        verbose_name = _("notice of a gateway")
        verbose_name_plural = _("notices of gateways")
        constraints = [
            models.UniqueConstraint(fields=["gateway", "event_id"], name="one_row_per_event")
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="events_waiting", condition=Q(state="waiting")
            ),
            models.Index(fields=["-received_at", "-id"], name="event_newest"),
        ]

    def __str__(self) -> str:
        return self.event_id
