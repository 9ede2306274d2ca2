"""Issuing companies with their series of numbers and their taxes."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.store.money import MoneyField


class TaxMode(models.TextChoices):
    """How tax joins the price (MW-11, TAX-1)."""

    NONE = "none", _("No tax")
    ADDED = "added", _("Added to the price")
    INCLUDED = "included", _("Included in the price")


class CompanyManager(models.Manager["Company"]):
    """A company is read with its rules: whoever bills asks for both."""

    def get_queryset(self) -> models.QuerySet["Company"]:
        return super().get_queryset().select_related("rules")


class Company(models.Model):
    """An issuing company (razón social, IC-48, WP-34): whose name and rules an invoice carries."""

    class Grouping(models.TextChoices):
        PER_SERVICE = "service", _("One invoice per service")
        PER_CUSTOMER = "customer", _("One invoice per customer")

    class TaxRounding(models.TextChoices):
        PER_DOCUMENT = "document", _("Over the document")
        PER_LINE = "line", _("Line by line")

    class ProrateBase(models.TextChoices):
        ACTUAL = "actual", _("Real days of the period")
        THIRTY = "thirty", _("30 days always")

    name = models.CharField(_("name"), max_length=200, unique=True)
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    tax_id = models.CharField(_("tax number"), max_length=30, blank=True)
    tax_condition = models.CharField(_("tax condition"), max_length=60, blank=True)
    is_fiscal = models.BooleanField(_("issues fiscal documents"), default=False)
    country = models.CharField(_("country"), max_length=2, default="MX")
    currency = models.CharField(_("currency"), max_length=3, default="MXN")
    address = models.CharField(_("address"), max_length=250, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)
    logo = models.FileField(_("logo"), upload_to="logos/", blank=True)
    footer = models.TextField(_("text at the foot of invoices"), blank=True)
    tax_mode = models.CharField(_("taxes"), max_length=10, choices=TaxMode, default=TaxMode.NONE)
    taxes: "models.ManyToManyField[Tax, models.Model]" = models.ManyToManyField(
        "Tax", verbose_name=_("taxes of its invoices"), blank=True, related_name="companies"
    )
    grouping = models.CharField(
        _("invoices"), max_length=10, choices=Grouping, default=Grouping.PER_SERVICE
    )
    tax_rounding = models.CharField(
        _("tax rounding"), max_length=10, choices=TaxRounding, default=TaxRounding.PER_DOCUMENT
    )
    prorate_base = models.CharField(
        _("proration"), max_length=10, choices=ProrateBase, default=ProrateBase.ACTUAL
    )
    unlock_value = MoneyField(_("debt that is not cut"), default=Decimal(0))
    """Valor desbloqueo (IC-21): a customer who owes this much or less is not cut."""
    late_fee = MoneyField(_("late fee"), default=Decimal(0))
    reconnection_fee = MoneyField(_("reconnection fee"), default=Decimal(0))
    is_active = models.BooleanField(_("in use"), default=True)

    objects = CompanyManager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [
            models.CheckConstraint(
                condition=Q(unlock_value__gte=0, late_fee__gte=0, reconnection_fee__gte=0),
                name="company_amounts_not_negative",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new company has billing rules from birth: those that the product has by default."""
        from caudal.apps.catalog.models.rules import BillingRules  # which refers to this class

        is_new = self._state.adding
        super().save(*args, **kwargs)
        if is_new:
            BillingRules.objects.create(company=self)


class Series(models.Model):
    """The numbers of one kind of document of a company; taken with the row locked, so no gaps."""

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Invoice")
        FREE_INVOICE = "free_invoice", _("Free invoice")
        RECEIPT = "receipt", _("Receipt")
        DEBIT_NOTE = "debit_note", _("Non-fiscal debit note (DX)")
        CREDIT_NOTE = "credit_note", _("Non-fiscal credit note (CX)")
        REFUND = "refund", _("Refund")

    company = models.ForeignKey(
        Company, models.CASCADE, verbose_name=_("company"), related_name="series"
    )
    kind = models.CharField(_("document"), max_length=15, choices=Kind)
    prefix = models.CharField(_("prefix"), max_length=12, blank=True)
    next_number = models.PositiveBigIntegerField(
        _("next number"), default=1, validators=[MinValueValidator(1)]
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind"], name="one_series_per_company_and_kind"
            )
        ]
        verbose_name = _("series")
        verbose_name_plural = _("series")

    def __str__(self) -> str:
        return f"{self.prefix}{self.next_number}"


class Tax(models.Model):
    name = models.CharField(_("name"), max_length=60, unique=True)
    rate = models.DecimalField(
        _("rate in %"),
        max_digits=7,
        decimal_places=4,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("tax")
        verbose_name_plural = _("taxes")

    def __str__(self) -> str:
        return f"{self.name} {self.rate.normalize():f} %"
