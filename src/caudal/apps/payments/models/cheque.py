"""Cheques: the paper, where it stands, and its dated history (CSH-3)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer
from caudal.apps.payments.models.box import CashBox
from caudal.store.money import MoneyField


class Cheque(models.Model):
    """It counts as payment on receipt; the bank says later whether it was one."""

    class State(models.TextChoices):
        PORTFOLIO = "portfolio", _("In portfolio")
        DEPOSITED = "deposited", _("Deposited")
        CLEARED = "cleared", _("Cleared")
        REJECTED = "rejected", _("Rejected")
        RETURNED = "returned", _("Given back")
        """Its payment was deleted before the bank saw it."""

    company = models.ForeignKey(
        Company, models.PROTECT, verbose_name=_("company"), related_name="cheques"
    )
    customer = models.ForeignKey(
        Customer, models.PROTECT, verbose_name=_("customer"), related_name="cheques"
    )
    bank = models.CharField(_("bank"), max_length=80)
    number = models.CharField(_("number"), max_length=40)
    holder = models.CharField(_("account holder"), max_length=120, blank=True)
    amount = MoneyField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3)
    deposit_on = models.DateField(_("deposit date"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PORTFOLIO)
    box = models.ForeignKey(
        CashBox, models.PROTECT, verbose_name=_("where it is"), related_name="cheques"
    )

    class Meta:
        ordering = ["deposit_on", "id"]
        verbose_name = _("cheque")
        verbose_name_plural = _("cheques")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="cheque_positive"),
            models.UniqueConstraint(
                fields=["customer", "bank", "number"],
                condition=Q(state__in=["portfolio", "deposited", "cleared"]),
                name="one_cheque_per_number",
            ),
        ]
        indexes = [models.Index(fields=["state", "deposit_on"], name="cheques_by_state")]

    def __str__(self) -> str:
        return f"{self.bank} {self.number}"


class ChequeEvent(models.Model):
    """When it came to a state, by whom, and why."""

    cheque = models.ForeignKey(Cheque, models.CASCADE, related_name="events")
    state = models.CharField(_("state"), max_length=10, choices=Cheque.State)
    on = models.DateField(_("date"))
    at = models.DateTimeField(_("recorded"))
    by = models.CharField(_("by"), max_length=120)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
