"""Why customers leave or are suspended by hand: the operator's own list, and the words for it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

ROW = 1


class Cause(models.Model):
    """One reason that people choose from. Archived, never deleted: what was said stays counted."""

    class Use(models.TextChoices):
        CANCEL = "cancel", _("Cancellation")
        SUSPEND = "suspend", _("Suspension by hand")

    use = models.CharField(_("what for"), max_length=10, choices=Use)
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveIntegerField(_("order"), default=0)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    class Meta:
        ordering = ["use", "position", "id"]
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")

    def __str__(self) -> str:
        return self.name


class CauseWord(models.Model):
    """What was typed, or what a reason was called once, and which reason it means."""

    cause = models.ForeignKey(Cause, models.CASCADE, related_name="words")
    use = models.CharField(max_length=10, choices=Cause.Use)
    plain = models.CharField(max_length=250)
    """As `customers.causes.plainly` writes it."""

    class Meta:
        ordering = ["plain"]
        constraints = [
            models.UniqueConstraint(fields=["use", "plain"], name="each_word_means_one_cause")
        ]

    def __str__(self) -> str:
        return self.plain


class CauseRules(models.Model):
    """Whether a reason may be left out; one row for the whole installation."""

    cancel_required = models.BooleanField(_("a cancellation needs a reason"), default=True)
    suspend_required = models.BooleanField(_("a suspension by hand needs a reason"), default=False)

    class Meta:
        verbose_name = _("rules of reasons")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> "CauseRules":
        """As it begins, where nobody chose."""
        return cls.objects.filter(pk=ROW).first() or cls(pk=ROW)

    def requires(self, use: str) -> bool:
        return self.cancel_required if use == Cause.Use.CANCEL else self.suspend_required
