"""Payments with their parts, and what was given back of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models import Credit, Invoice
from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer
from caudal.apps.ledger.models import Transaction
from caudal.apps.payments.models.box import CashBox, Method
from caudal.apps.payments.models.cheque import Cheque
from caudal.apps.staff.models import User
from caudal.store.money import MoneyField


class Payment(models.Model):
    """Money received from a customer. Deleting one reverses it; the row stays."""

    Method = Method

    company = models.ForeignKey(
        Company, models.PROTECT, verbose_name=_("company"), related_name="payments"
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="payments"
    )
    prefix = models.CharField(max_length=12, blank=True)
    number = models.PositiveBigIntegerField(_("receipt"))
    amount = MoneyField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    method = models.CharField(
        _("form of payment"), max_length=10, choices=Method.choices, default=Method.CASH
    )
    cash_box = models.ForeignKey(
        CashBox, models.PROTECT, verbose_name=_("cash box"), related_name="payments"
    )
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    comment = models.CharField(_("comment"), max_length=250, blank=True)
    paid_at = models.DateTimeField(_("paid"))
    registered_at = models.DateTimeField(_("registered"))
    operator = models.ForeignKey(
        User, models.PROTECT, null=True, verbose_name=_("registered by"), related_name="payments"
    )
    gateway = models.CharField(_("gateway"), max_length=30, blank=True)
    external_id = models.CharField(_("payment id outside"), max_length=120, blank=True)
    """Unique per gateway; screens put the form's own key here, so a double click is one payment."""
    on_invoice = models.ForeignKey(
        Invoice, models.PROTECT, null=True, blank=True, verbose_name=_("invoice")
    )
    """The invoice it was meant for; empty: on the account."""
    credit = models.OneToOneField(Credit, models.PROTECT, related_name="payment")
    transaction = models.OneToOneField(Transaction, models.PROTECT, related_name="payment")
    calendar_before = models.JSONField(null=True, editable=False)
    """The days that it moved on a recharge calendar, as they were before (RCH-3)."""
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    deleted_by = models.CharField(_("deleted by"), max_length=120, blank=True)
    delete_reason = models.CharField(_("why it was deleted"), max_length=200, blank=True)

    class Meta:
        ordering = ["-paid_at", "-id"]
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "prefix", "number"], name="one_payment_per_receipt"
            ),
            models.UniqueConstraint(
                fields=["gateway", "external_id"],
                condition=~Q(external_id=""),
                name="one_payment_per_external_id",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_positive"),
        ]
        indexes = [
            models.Index(fields=["customer", "-paid_at"], name="payments_of_customer"),
            models.Index(fields=["-paid_at", "-id"], name="payment_newest"),
            models.Index(fields=["number"], name="payment_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}{self.number}"


class PaymentPart(models.Model):
    """How a part of a payment came, and into which box; a plain payment has one part."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="parts")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    method = models.CharField(_("form of payment"), max_length=10, choices=Method.choices)
    cash_box = models.ForeignKey(
        CashBox, models.PROTECT, verbose_name=_("cash box"), related_name="parts"
    )
    amount = MoneyField(_("amount"))
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    cheque = models.OneToOneField(
        Cheque, models.PROTECT, null=True, blank=True, verbose_name=_("cheque"), related_name="part"
    )

    class Meta:
        ordering = ["payment", "position"]
        verbose_name = _("part of a payment")
        verbose_name_plural = _("parts of payments")
        constraints = [
            models.UniqueConstraint(fields=["payment", "position"], name="one_part_per_position"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="part_positive"),
            models.CheckConstraint(
                condition=Q(method="cheque", cheque__isnull=False)
                | (~Q(method="cheque") & Q(cheque__isnull=True)),
                name="cheques_have_their_paper",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment} · {self.get_method_display()}"


class Refund(models.Model):
    """Money given back to a customer: of his credit, or of a payment that had settled (PAY-7)."""

    company = models.ForeignKey(
        Company, models.PROTECT, verbose_name=_("company"), related_name="refunds"
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="refunds"
    )
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, verbose_name=_("payment"), related_name="refunds"
    )
    """The payment it undoes in part; empty: of the balance in favour, wherever it came from."""
    prefix = models.CharField(max_length=12, blank=True)
    number = models.PositiveBigIntegerField(_("number"))
    amount = MoneyField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    method = models.CharField(_("form of payment"), max_length=10, choices=Method.choices)
    cash_box = models.ForeignKey(
        CashBox, models.PROTECT, verbose_name=_("cash box"), related_name="refunds"
    )
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
    refunded_at = models.DateTimeField(_("refunded"))
    operator = models.ForeignKey(
        User, models.PROTECT, null=True, verbose_name=_("registered by"), related_name="refunds"
    )
    gateway = models.CharField(_("gateway"), max_length=30, blank=True)
    external_id = models.CharField(_("refund id outside"), max_length=120, blank=True)
    transaction = models.OneToOneField(Transaction, models.PROTECT, related_name="refund")
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    deleted_by = models.CharField(_("deleted by"), max_length=120, blank=True)
    delete_reason = models.CharField(_("why it was deleted"), max_length=200, blank=True)

    class Meta:
        ordering = ["-refunded_at", "-id"]
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "prefix", "number"], name="one_refund_per_number"
            ),
            models.UniqueConstraint(
                fields=["gateway", "external_id"],
                condition=~Q(external_id=""),
                name="one_refund_per_external_id",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}{self.number}"


class RefundSource(models.Model):
    """How much of a refund came out of which credit."""

    refund = models.ForeignKey(Refund, models.PROTECT, related_name="sources")
    credit = models.ForeignKey(Credit, models.PROTECT, related_name="refunds")
    amount = MoneyField(_("amount"))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_source_positive")
        ]
