"""Rows of a run: one act each, with its amount, its reasons, and what it was computed from."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from caudal.apps.billing.models import Invoice
from caudal.apps.catalog.models import Plan
from caudal.apps.customers.models import Customer, Service, Suspension, Zone
from caudal.apps.runs.models.run import Run
from caudal.store.money import MoneyField


class RunRowQuerySet(models.QuerySet["RunRow"]):
    """Reads that more than one place asks for."""

    def acts(self) -> "RunRowQuerySet":
        """What it is to do; the rest are notes for whoever looks at the plan."""
        return self.exclude(action__in=RunRow.NOTES)

    def open(self) -> "RunRowQuerySet":
        return self.filter(status=RunRow.Status.PLANNED)


class RunRow(models.Model):
    """One act of a run, or a note about somebody whom it leaves out."""

    class Action(models.TextChoices):
        ISSUE = "issue", _("Create invoice")
        CUT = "cut", _("Cut")
        PRICE = "price", _("New price")
        PLAN_PRICE = "plan_price", _("New price of the plan")
        VOID = "void", _("Void")
        RESTORE = "restore", _("Restore")
        SKIP = "skip", _("Left out")
        GONE = "gone", _("No longer billed")

    class Status(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("row of a run", "Planned")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        PROBLEM = "problem", _("Problem")
        NOTE = "note", _("Note")
        SHADOW = "shadow", _("Only computed")

    class Compared(models.TextChoices):
        """Against the same customer's invoice of the period before."""

        NEW = "new", pgettext_lazy("compared with last month", "New")
        SAME = "same", pgettext_lazy("compared with last month", "Same")
        CHANGED = "changed", pgettext_lazy("compared with last month", "Changed")
        GONE = "gone", pgettext_lazy("compared with last month", "Gone")

    NOTES = (Action.SKIP, Action.GONE)

    run = models.ForeignKey(Run, models.CASCADE, related_name="rows")
    key = models.CharField(max_length=120)
    """What it is about, once per run: so that two workers cannot plan it twice."""
    lot = models.CharField(max_length=120, blank=True)
    """Which calendar emits it; rows of a lot are computed together."""
    customer = models.ForeignKey(
        Customer, models.CASCADE, null=True, verbose_name=_("customer"), related_name="run_rows"
    )
    service = models.ForeignKey(Service, models.CASCADE, null=True, verbose_name=_("service"))
    plan = models.ForeignKey(Plan, models.SET_NULL, null=True, verbose_name=_("plan"))
    zone = models.ForeignKey(Zone, models.SET_NULL, null=True, verbose_name=_("zone"))
    action = models.CharField(_("act"), max_length=12, choices=Action)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.PLANNED)
    currency = models.CharField(_("currency"), max_length=3)
    amount = MoneyField(_("amount"))
    before = MoneyField(_("before"), null=True)  # type: ignore[misc]
    """The same thing last time: last month's invoice, the old price. Empty: there was none."""
    compared = models.CharField(_("compared"), max_length=10, choices=Compared, blank=True)
    reasons = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    """What it was computed from and says, in a form that compares; the fingerprint is its hash."""
    fingerprint = models.CharField(max_length=64, blank=True)
    changes = models.JSONField(default=list)
    """Why it was refused: what is different now, each as [code, before, after]."""
    problem = models.CharField(max_length=300, blank=True)
    invoice = models.ForeignKey(
        Invoice, models.SET_NULL, null=True, verbose_name=_("invoice"), related_name="run_rows"
    )
    """The one that it made, or that undoing it voids."""
    suspension = models.ForeignKey(Suspension, models.SET_NULL, null=True, related_name="run_rows")
    done_at = models.DateTimeField(null=True)

    objects = RunRowQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("row of a run")
        verbose_name_plural = _("rows of runs")
        constraints = [
            models.UniqueConstraint(fields=["run", "key"], name="one_row_per_act_and_run")
        ]
        indexes = [
            models.Index(fields=["run", "compared", "id"], name="run_rows_by_compared"),
            models.Index(fields=["run", "status", "id"], name="run_rows_by_status"),
            models.Index(fields=["run", "customer"], name="run_rows_of_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.customer or self.plan}"
