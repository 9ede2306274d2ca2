"""Promises to pay, the days on which a broken one was tried to cut, and who was enabled by hand."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.apps.billing.models import Invoice
from caudal.apps.customers.models import Customer, Service
from caudal.core import dunning


class PromiseQuerySet(models.QuerySet["Promise"]):
    """Reads that more than one place asks for."""

    def live(self) -> "PromiseQuerySet":
        return self.filter(outcome=Promise.Outcome.LIVE)


class Promise(models.Model):
    """A promise to pay by a day (PRM-1..6): a customer has one that is live at most."""

    class Outcome(models.TextChoices):
        LIVE = "live", _("Live")
        """It holds the cut, or its control days go on."""
        KEPT = "kept", _("Kept")
        BROKEN = "broken", _("Broken")
        """He was cut on its day or on one of the control days."""
        GIVEN_UP = "given-up", _("Given up")
        """The control days are over and the cut never reached the router."""
        REMOVED = "removed", _("Withdrawn")
        """Saved blank (PRM-4): the ordinary rule applies again."""
        REPLACED = "replaced", _("Replaced")
        DROPPED = "dropped", _("Dropped")
        """By who enabled the service by hand (PRM-5)."""

    class Scope(models.TextChoices):
        CUSTOMER = "customer", _("All that he owes")
        INVOICES = "invoices", _("Some invoices")

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="promises", verbose_name=_("customer")
    )
    until = models.DateField(_("promises to pay by"))
    control_days = models.PositiveSmallIntegerField(_("control days"))
    scope = models.CharField(_("covers"), max_length=10, choices=Scope, default=Scope.CUSTOMER)
    invoices = models.ManyToManyField(
        Invoice, blank=True, related_name="promises", verbose_name=_("invoices")
    )
    """Those that it names, with the scope INVOICES."""
    note = models.CharField(_("note"), max_length=250, blank=True)
    created_by = models.CharField(_("taken by"), max_length=120)
    created_at = models.DateTimeField(_("taken"))
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, default=Outcome.LIVE, editable=False
    )
    closed_at = models.DateTimeField(_("ended"), null=True, editable=False)
    closed_by = models.CharField(_("ended by"), max_length=120, blank=True, editable=False)
    seen_at = models.DateTimeField(null=True, editable=False)
    """When somebody said that he has seen the alert of a promise that was given up."""
    seen_by = models.CharField(max_length=120, blank=True, editable=False)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("promise to pay")
        verbose_name_plural = _("promises to pay")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(outcome="live"),
                name="one_live_promise_per_customer",
            )
        ]
        indexes = [models.Index(fields=["outcome", "until"], name="promise_by_outcome")]

    def __str__(self) -> str:
        return f"{self.customer}: {self.until}"

    @property
    def last_day(self) -> date:
        """The last day on which the job tries to cut."""
        return self.until + timedelta(days=self.control_days)

    def rule(self) -> dunning.Promise:
        """The promise as the rules see it; one query where it names invoices."""
        named = self.scope == self.Scope.INVOICES
        return dunning.Promise(
            until=self.until,
            scope=dunning.PromiseScope(self.scope),
            invoices=frozenset(row.pk for row in self.invoices.all()) if named else frozenset(),
            control_days=self.control_days,
        )


class PromiseAttempt(models.Model):
    """One day on which the job tried to cut who did not keep his promise (PRM-2)."""

    promise = models.ForeignKey(Promise, models.CASCADE, related_name="attempts")
    service = models.ForeignKey(Service, models.CASCADE, related_name="promise_attempts")
    on = models.DateField(_("day"))
    revision = models.PositiveBigIntegerField()
    """Of the service as suspended: the cut is done when its router holds it."""
    done = models.BooleanField(_("reached the router"), default=False)

    class Meta:
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["promise", "service", "on"], name="one_attempt_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.promise} {self.on}"


class EnabledByHand(models.Model):
    """A person let a customer browse who owes: what was overdue that day does not cut him again."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="enabled_by_hand")
    on = models.DateField(_("day"))
    at = models.DateTimeField(_("time"))
    by = models.CharField(_("by"), max_length=120)
    promise = models.ForeignKey(
        Promise, models.SET_NULL, null=True, blank=True, related_name="enabled_by_hand"
    )
    """The live promise that was dropped with it (PRM-5)."""

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.service} {self.on}"
