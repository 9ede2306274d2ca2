"""Backups: a router's configuration as text, kept whenever it is another one."""

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from caudal.apps.network.models.routers import Router


class RouterBackup(models.Model):
    """One configuration of a router, without its secrets, and when it was found so."""

    router = models.ForeignKey(Router, models.CASCADE, related_name="backups")
    taken_at = models.DateTimeField(_("taken"))
    seen_at = models.DateTimeField(_("last found unchanged"))
    version = models.CharField(_("version"), max_length=60, blank=True)
    digest = models.CharField(max_length=64)
    """SHA-256 of `text` without the line that tells the time."""
    text = models.TextField()

    class Meta:
        ordering = ["-taken_at", "-id"]
        indexes = [models.Index(fields=["router", "-taken_at"], name="backup_newest")]
        verbose_name = _("router backup")
        verbose_name_plural = _("router backups")

    def __str__(self) -> str:
        return f"{self.router} {self.taken_at:%Y-%m-%d %H:%M}"

    @property
    def lines(self) -> int:
        return self.text.count("\n")


class BackupTry(models.Model):
    """How the last attempt to take a backup of a router went."""

    router = models.OneToOneField(Router, models.CASCADE, related_name="backup_try")
    tried_at = models.DateTimeField(_("tried"))
    done_at = models.DateTimeField(_("done"), null=True)
    """When one last went well, changed or not."""
    error = models.CharField(_("error"), max_length=300, blank=True)

    def __str__(self) -> str:
        return str(self.router)


class BackupPolicy(models.Model):
    """How long backups are kept: one row, numbered 1."""

    kept_days = models.PositiveIntegerField(
        _("days that old backups are kept"),
        null=True,
        blank=True,
        default=365,
        validators=[MinValueValidator(1)],
    )
    """Counted from the last time that a router was found so. Empty: for ever."""

    def __str__(self) -> str:
        return str(_("Backups of routers"))
