"""Localities: the postal codes, neighbourhoods and cities that the provider serves (IC-51)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caudal.core.text import fold

PARTS = ("postal_code", "neighbourhood", "city", "state")


class LocalitySet(models.QuerySet["Locality"]):
    def matching(self, words: str) -> "LocalitySet":
        """Those in which every word is found, whatever the accents and the case."""
        found = Q()
        for word in fold(words[:100]).split():
            found &= Q(search_text__contains=word)
        return self.filter(found)


class Locality(models.Model):
    """One neighbourhood of a city; choosing it completes an address. The operator fills them in.

    The postal code may be a code of one's own where the country has none.
    """

    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    neighbourhood = models.CharField(_("neighbourhood"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=120)
    state = models.CharField(_("state or province"), max_length=120, blank=True)
    search_text = models.CharField(max_length=400, editable=False)
    """All four, folded (`core.text.fold`); kept by actions."""

    objects = LocalitySet.as_manager()

    class Meta:
        ordering = ["state", "city", "neighbourhood", "postal_code", "id"]
        verbose_name = _("locality")
        verbose_name_plural = _("localities")
        constraints = [
            models.UniqueConstraint(
                fields=["postal_code", "neighbourhood", "city", "state"], name="one_locality_once"
            )
        ]

    def __str__(self) -> str:
        parts = (self.neighbourhood, self.city, self.state, self.postal_code)
        return ", ".join(part for part in parts if part)
