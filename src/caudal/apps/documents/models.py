"""Tables of documents: how each company's papers look, and every way they ever looked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from caudal.apps.catalog.models import Company
from caudal.apps.documents.styles import Kind, Paper, Style

__all__ = ["Kind", "Paper", "Style", "Template", "TemplateVersion"]


class Template(models.Model):
    """The look of one kind of document of one company; without a row it is the usual one."""

    company = models.ForeignKey(
        Company, models.CASCADE, verbose_name=_("company"), related_name="document_templates"
    )
    kind = models.CharField(_("document"), max_length=15, choices=Kind)
    style = models.JSONField(default=dict)
    """What `Style.to_plain` gives."""
    source = models.TextField(_("source"), blank=True)
    """Typst source of the company's own; empty: ours."""
    version = models.PositiveIntegerField(_("version"), default=0)
    updated_at = models.DateTimeField(_("changed"), null=True)
    updated_by = models.CharField(_("by"), max_length=120, blank=True)

    class Meta:
        ordering = ["company", "kind"]
        verbose_name = _("document template")
        verbose_name_plural = _("document templates")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind"], name="one_document_template_per_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.company}"


class TemplateVersion(models.Model):
    """A template as it was saved; never changed, so that any of them can be brought back."""

    template = models.ForeignKey(Template, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    style = models.JSONField(default=dict)
    source = models.TextField(blank=True)
    saved_at = models.DateTimeField(_("saved"))
    saved_by = models.CharField(_("by"), max_length=120)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "number"], name="one_template_version_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.number}"
