"""What share of the money of his customers a salesperson earns."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.staff.models import User


class CommissionRate(models.Model):
    """His percentage from a day on; earlier days keep the one they had (CSH-4, IC-64)."""

    person = models.ForeignKey(
        User, models.PROTECT, verbose_name=_("salesperson"), related_name="commission_rates"
    )
    since = models.DateField(_("from"))
    percent = models.DecimalField(
        _("percentage"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    created_at = models.DateTimeField(_("created"))
    created_by = models.CharField(_("created by"), max_length=120)

    class Meta:
        verbose_name = _("commission")
        verbose_name_plural = _("commissions")
        ordering = ("person__name", "-since")
        constraints = (
            models.UniqueConstraint(fields=["person", "since"], name="one_commission_a_day"),
            models.CheckConstraint(
                condition=Q(percent__gte=0, percent__lte=100), name="commission_is_a_share"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.percent} %"
