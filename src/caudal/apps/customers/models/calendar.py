"""When a service is invoiced, noticed, due and cut: shared by a zone, or a customer's own."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class PaymentMode(models.TextChoices):
    PREPAID = "prepaid", _("Prepaid")
    POSTPAID = "postpaid", _("Postpaid")


class DayStyle(models.TextChoices):
    """CAL-3: how the day of creation or notice is said."""

    DAYS_BEFORE = "before", _("Days before the payment day")
    DAY_OF_MONTH = "day", _("Day of the month")


class CutStyle(models.TextChoices):
    GRACE_DAYS = "grace", _("Days of grace after the payment day")
    DAY_OF_MONTH = "day", _("Day of the month")


_DAY = [MinValueValidator(1), MaxValueValidator(31)]


class CalendarFields(models.Model):
    """The numbers of a calendar (CAL-1..4); `caudal.core.periods` says what they mean."""

    mode = models.CharField(
        _("payment"), max_length=10, choices=PaymentMode, default=PaymentMode.PREPAID
    )
    payment_day = models.PositiveSmallIntegerField(_("payment day"), default=1, validators=_DAY)
    create_style = models.CharField(
        _("invoice is created"), max_length=10, choices=DayStyle, default=DayStyle.DAYS_BEFORE
    )
    create_value = models.PositiveSmallIntegerField(
        _("creation"), default=5, validators=[MaxValueValidator(31)]
    )
    notice_style = models.CharField(
        _("notice is given"), max_length=10, choices=DayStyle, default=DayStyle.DAYS_BEFORE
    )
    notice_value = models.PositiveSmallIntegerField(
        _("notice"), null=True, blank=True, validators=[MaxValueValidator(31)]
    )
    cut_style = models.CharField(
        _("cut"), max_length=10, choices=CutStyle, default=CutStyle.GRACE_DAYS
    )
    cut_value = models.PositiveSmallIntegerField(
        _("cut day or days of grace"), default=5, validators=[MaxValueValidator(60)]
    )
    cut_after = models.PositiveSmallIntegerField(
        _("cut after so many unpaid invoices"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(payment_day__range=(1, 31)), name="%(class)s_payment_day_exists"
            ),
            models.CheckConstraint(
                condition=Q(cut_after__gte=1), name="%(class)s_cut_after_at_least_one"
            ),
            models.CheckConstraint(
                condition=~Q(create_style="day") | Q(create_value__range=(1, 31)),
                name="%(class)s_creation_day_exists",
            ),
            models.CheckConstraint(
                condition=~Q(cut_style="day") | Q(cut_value__range=(1, 31)),
                name="%(class)s_cut_day_exists",
            ),
        ]


class OwnCalendar(CalendarFields):
    """A customer's own billing dates (facturación propia, WH-108); without it his zone's apply."""

    customer = models.OneToOneField(
        "customers.Customer",
        models.CASCADE,
        verbose_name=_("customer"),
        related_name="own_calendar",
    )
    recharge = models.BooleanField(_("recharge: each payment moves the dates"), default=False)

    class Meta(CalendarFields.Meta):
        verbose_name = _("own billing dates")

    def __str__(self) -> str:
        return str(self.customer)


class CalendarChange(models.Model):
    """A zone's or a customer's calendar was another one until this day.

    Left by the act that changed it; billing reads it, charges the days between what is billed and
    the first new period, and marks it (CAL-6).
    """

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, null=True, related_name="calendar_changes"
    )
    zone = models.ForeignKey(
        "customers.Zone", models.CASCADE, null=True, related_name="calendar_changes"
    )
    """All its customers without dates of their own; or the one customer."""
    on = models.DateField()
    before = models.JSONField()
    """The numbers of CalendarFields that ruled until then."""
    billed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(customer=None, zone__isnull=False)
                | Q(customer__isnull=False, zone=None),
                name="calendar_change_of_zone_or_customer",
            )
        ]
        indexes = [
            models.Index(
                fields=["id"], name="calendar_changes_to_bill", condition=Q(billed_at=None)
            )
        ]
