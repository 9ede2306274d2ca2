"""Files of a customer: his document, a proof of address, a photograph of the installation."""

from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models.customer import Customer
from caudal.apps.staff.models import User

FOLDER = "customers"
INLINE = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "application/pdf"})
"""What a browser may show by itself; everything else is only downloaded."""


def random_name(attachment: Any, filename: str) -> str:
    """Nothing of a person's own words reaches the disk."""
    key = uuid4().hex
    return str(PurePosixPath(FOLDER, key[:2], key))


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def kept(self) -> "AttachmentQuerySet":
        return self.filter(removed_at=None)


class Attachment(models.Model):
    """One file (WH-58). Taken away, the row stays and says by whom and when; the file goes."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="attachments")
    file = models.FileField(_("file"), upload_to=random_name)
    name = models.CharField(_("name"), max_length=150)
    content_type = models.CharField(_("kind"), max_length=100)
    """By what is in the file, not by what it is called."""
    size = models.PositiveBigIntegerField(_("size"))
    """In bytes."""
    digest = models.CharField(max_length=64)
    """SHA-256 of the content."""
    text = models.CharField(_("what it is"), max_length=200, blank=True)
    is_shown = models.BooleanField(_("the customer may see it"), default=False)
    at = models.DateTimeField(_("when"))
    author = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("author"),
        related_name="customer_files",
    )
    author_name = models.CharField(_("by"), max_length=120)
    removed_at = models.DateTimeField(_("taken away"), null=True, blank=True)
    removed_by = models.CharField(_("taken away by"), max_length=120, blank=True)
    removed_why = models.CharField(_("reason"), max_length=200, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("attached file")
        verbose_name_plural = _("attached files")
        indexes = [models.Index(fields=["customer", "-at"], name="files_of_customer")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_inline(self) -> bool:
        return self.content_type in INLINE

    @property
    def is_picture(self) -> bool:
        return self.is_inline and self.content_type.startswith("image/")
