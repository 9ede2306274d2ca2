"""How the clock's own runs go in this installation: at once, when approved, or never in earnest."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RunTerms(models.Model):
    """One row for the installation."""

    class Mode(models.TextChoices):
        AUTOMATIC = "automatic", _("By itself, with the brakes on")
        APPROVAL = "approval", _("Plan it and wait for approval")
        SHADOW = "shadow", _("Only compute, never act")

    creation = models.CharField(
        _("creation of invoices"), max_length=10, choices=Mode, default=Mode.AUTOMATIC
    )
    cuts = models.CharField(_("cuts"), max_length=10, choices=Mode, default=Mode.AUTOMATIC)
    is_shadow = models.BooleanField(_("shadow month"), default=False)
    """Every run of the clock only computes, whatever its own mode, and nobody can execute one."""
    shadow_since = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("terms of runs")
        verbose_name_plural = _("terms of runs")

    @classmethod
    def get(cls) -> "RunTerms":
        """The installation's row, or its defaults where nobody has set anything."""
        return cls.objects.first() or cls()

    def mode_of(self, kind: str) -> str:
        """`kind` is a Run.Kind; the shadow month overrules both."""
        if self.is_shadow:
            return str(self.Mode.SHADOW)
        return str(self.cuts if kind == "cut" else self.creation)
