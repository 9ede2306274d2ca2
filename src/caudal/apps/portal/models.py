"""The page of who is cut, as each company words it, and who has read his reminder."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Company
from caudal.apps.customers.models import Customer


class NoticePage(models.Model):
    """The words of one company; an empty part has the product's own words (MW-19)."""

    company = models.OneToOneField(Company, models.CASCADE, related_name="notice_page")
    headline = models.CharField(_("headline"), max_length=120, blank=True)
    body = models.TextField(_("text for who is cut"), max_length=2_000, blank=True)
    """Liquid; see `words.FIELDS` for what may stand in it."""
    reminder = models.TextField(
        _("text for who owes and still browses"), max_length=2_000, blank=True
    )
    how_to_pay = models.TextField(_("how to pay"), max_length=2_000, blank=True)
    portal_url = models.URLField(_("link to pay or to the portal"), blank=True)
    shows_debt = models.BooleanField(_("show how much is owed"), default=True)
    every_hours = models.PositiveSmallIntegerField(
        _("hours between two reminders"),
        default=24,
        validators=[MinValueValidator(1), MaxValueValidator(720)],
    )
    """IC-72: who has read his reminder browses so long before he sees it again."""
    for_seconds = models.PositiveSmallIntegerField(
        _("seconds before going on"), default=0, validators=[MaxValueValidator(120)]
    )
    """IC-72: how long the reminder stands before one may go on."""

    class Meta:
        verbose_name = _("notice page")
        verbose_name_plural = _("notice pages")

    def __str__(self) -> str:
        return str(self.company)


class Reading(models.Model):
    """When a customer last said that he has read his reminder."""

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="notice_reading")
    read_at = models.DateTimeField(_("read"))

    def __str__(self) -> str:
        return str(self.customer)
