"""Fields that the operator adds to customers, and their values, each in a column of its type."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models.customer import Customer
from caudal.apps.staff.models import Role, User
from caudal.store.money import MoneyField


class FieldKind(models.TextChoices):
    TEXT = "text", _("Text")
    LONG_TEXT = "long_text", _("Long text")
    NUMBER = "number", _("Number")
    MONEY = "money", _("Money")
    DATE = "date", _("Date")
    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("One of a list")
    CHOICES = "choices", _("Several of a list")
    LINK = "link", _("Web address")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")


LISTED = frozenset({FieldKind.CHOICE, FieldKind.CHOICES})
"""Kinds whose values are chosen from a list of the operator's."""


class CustomFieldQuerySet(models.QuerySet["CustomField"]):
    def in_use(self) -> "CustomFieldQuerySet":
        return self.filter(archived_at=None)

    def shown_to(self, user: User | None) -> "CustomFieldQuerySet":
        """Those that his role may see; without a user those that everybody may."""
        everybody = Q(roles=None)
        return self.filter(everybody | Q(roles=user.role_id) if user else everybody).distinct()


class CustomField(models.Model):
    """What the operator wants to know of a customer besides the usual. Archived, never deleted."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    """Its name in the API and in addresses; stays when the field is renamed."""
    name = models.CharField(_("name"), max_length=60, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=FieldKind)
    help_text = models.CharField(_("help"), max_length=200, blank=True)
    is_required = models.BooleanField(_("required"), default=False)
    at_registration = models.BooleanField(_("asked at registration"), default=True)
    roles = models.ManyToManyField(Role, verbose_name=_("seen by"), blank=True)
    """Empty: by everybody who sees the customer."""
    position = models.PositiveIntegerField(_("order"), default=0)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    objects = CustomFieldQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("custom field")
        verbose_name_plural = _("custom fields")

    def __str__(self) -> str:
        return self.name


class FieldChoice(models.Model):
    """One answer of a field with a list; taken out of the list, customers who have it keep it."""

    field = models.ForeignKey(CustomField, models.PROTECT, related_name="choices")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["field", "name"], name="one_choice_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class FieldValue(models.Model):
    """One value of a customer: one column of these is filled, that of the field's kind.

    Of several choices each is a row.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="field_values")
    field = models.ForeignKey(CustomField, models.PROTECT, related_name="values")
    text = models.TextField(blank=True)
    folded = models.TextField(blank=True)
    """The text without accents and case: what filters compare."""
    number = MoneyField(null=True)  # type: ignore[misc]
    """Of numbers and of money."""
    day = models.DateField(null=True)
    is_yes = models.BooleanField(null=True)
    choice = models.ForeignKey(FieldChoice, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "field"],
                condition=Q(choice=None),
                name="one_value_per_custom_field",
            ),
            models.UniqueConstraint(
                fields=["customer", "field", "choice"], name="each_choice_once_per_customer"
            ),
            models.CheckConstraint(
                condition=(
                    (~Q(text="") & Q(number=None, day=None, is_yes=None, choice=None))
                    | Q(text="", number__isnull=False, day=None, is_yes=None, choice=None)
                    | Q(text="", number=None, day__isnull=False, is_yes=None, choice=None)
                    | Q(text="", number=None, day=None, is_yes__isnull=False, choice=None)
                    | Q(text="", number=None, day=None, is_yes=None, choice__isnull=False)
                ),
                name="custom_value_of_one_type",
            ),
        ]
        indexes = [
            models.Index(fields=["field", "number"], name="custom_by_number",
                         condition=Q(number__isnull=False)),
            models.Index(fields=["field", "day"], name="custom_by_day",
                         condition=Q(day__isnull=False)),
            models.Index(fields=["field", "is_yes"], name="custom_by_yes",
                         condition=Q(is_yes__isnull=False)),
            models.Index(fields=["choice", "customer"], name="custom_by_choice",
                         condition=Q(choice__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text or str(self.choice or self.number or self.day or self.is_yes)
