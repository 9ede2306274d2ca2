"""How the list of payments is narrowed, by what its address says."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from caudal.apps.payments.models import CashBox, Payment, PaymentPart
from caudal.apps.staff.models import Branch, User
from caudal.apps.staff.scope import offer_visible
from caudal.core.text import fold
from caudal.web.forms import PanelForm


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PaymentFilter(PanelForm):
    q = forms.CharField(label=_("Search"), required=False)
    first = forms.DateField(label=_("From"), required=False, widget=_day())
    last = forms.DateField(label=_("To"), required=False, widget=_day())
    method = forms.ChoiceField(
        label=_("Form of payment"),
        choices=[("", _("All")), *Payment.Method.choices],
        required=False,
    )
    box = forms.ModelChoiceField(
        CashBox.objects.all(), label=_("Cash box"), required=False, empty_label=_("All")
    )
    branch = forms.ModelChoiceField(
        Branch.objects.all(), label=_("Branch"), required=False, empty_label=_("All")
    )
    deleted = forms.BooleanField(label=_("Deleted ones"), required=False)

    def __init__(self, data: Mapping[str, Any], *, user: User) -> None:
        """`user` is offered the boxes that he sees; branches are asked for where there are any."""
        super().__init__(data)
        offer_visible(user, self)
        if user.branch_ids or not Branch.objects.exists():
            del self.fields["branch"]

    def narrow(self, rows: QuerySet[Payment]) -> QuerySet[Payment]:
        """The payments that fit; a filter that makes no sense is as if not given."""
        wanted = self.cleaned_data if self.is_valid() else {}
        rows = rows.filter(deleted_at__isnull=not wanted.get("deleted", False))
        if wanted.get("method"):
            rows = rows.filter(_part(method=wanted["method"]) | Q(method=wanted["method"]))
        if wanted.get("box"):
            rows = rows.filter(_part(cash_box=wanted["box"]))
        if wanted.get("branch"):
            rows = rows.filter(customer__zone__branch=wanted["branch"])
        zone = ZoneInfo(settings.TIME_ZONE)
        if wanted.get("first"):
            rows = rows.filter(paid_at__gte=datetime.combine(wanted["first"], time(), zone))
        if wanted.get("last"):
            end = wanted["last"] + timedelta(days=1)
            rows = rows.filter(paid_at__lt=datetime.combine(end, time(), zone))
        return rows.filter(_about(wanted.get("q", "")))


def _part(**which: Any) -> Exists:
    """Payments of which some part came so."""
    return Exists(PaymentPart.objects.filter(payment=OuterRef("pk"), **which))


def _about(words: str) -> Q:
    """Words of the customer, a receipt's number, or its reference."""
    if not words.strip():
        return Q()
    found = Q()
    for word in fold(words).split():
        found &= Q(customer__search_text__contains=word)
    found |= Q(reference__icontains=words.strip())
    if words.strip().isdecimal() and len(words.strip()) < 19:
        found |= Q(number=int(words))
    return found
