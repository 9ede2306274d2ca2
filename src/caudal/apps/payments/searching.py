"""What the search everywhere finds of payments: by receipt and by reference; and what is paid."""

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from caudal.apps.payments.models import Payment, PaymentPart
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.text import numbered
from caudal.web import places, search
from caudal.web.money import format_money
from caudal.web.places import Place
from caudal.web.search import Hit, Searcher

SHORTEST = 4
"""Letters of a reference that are looked for inside of it; fewer are in too many."""


def find_payments(user: User, typed: str, limit: int) -> list[Hit]:
    """Those of that receipt or reference, of the whole or of a part of it, the newest first."""
    rows = visible(user, Payment.objects.filter(_receipt(typed) | _referred(typed)))
    return list(_hits(rows.order_by("-paid_at", "-id")[:limit]).values())


def recall_payments(user: User, keys: Sequence[int]) -> dict[int, Hit]:
    return _hits(visible(user, Payment.objects.filter(pk__in=keys)))


def _receipt(typed: str) -> Q:
    named = numbered(typed)
    if named is None:
        return Q(pk__in=[])
    prefix, number = named
    return Q(number=number, prefix__iexact=prefix) if prefix else Q(number=number)


def _referred(typed: str) -> Q:
    if len(typed) < SHORTEST:
        return Q(pk__in=[])
    parts = PaymentPart.objects.filter(reference__icontains=typed)
    return Q(reference__icontains=typed) | Q(pk__in=parts.values("payment"))


def _hits(rows: QuerySet[Payment]) -> dict[int, Hit]:
    return {row.pk: _hit(row) for row in rows.select_related("customer")}


def _hit(payment: Payment) -> Hit:
    parts = (
        payment.customer.name,
        f"{localtime(payment.paid_at):%d/%m/%Y}",
        format_money(payment.amount, payment.currency),
        payment.reference,
    )
    is_deleted = payment.deleted_at is not None
    return Hit(
        label=f"{_('Receipt')} {payment}",
        url=reverse("payments:payment", args=[payment.pk]),
        detail=" · ".join(part for part in parts if part),
        state="void" if is_deleted else "",
        state_label=_("Deleted") if is_deleted else "",
    )


def _places() -> Iterable[Place]:
    see, take, cash = Verb.SEE_PAYMENTS, Verb.REGISTER_PAYMENTS, Verb.OPERATE_CASH
    yield Place(
        _("Register a payment"), "payments:desk", "cash-register", take,
        _("collect charge take money pay cash desk till"), "g d", order=5,
    )  # fmt: skip
    yield Place(
        _("Payments"), "payments:payments", "cash", see,
        _("receipts money paid"), "g p", is_act=False,
    )  # fmt: skip
    yield Place(
        _("Open a cash session"), "payments:open_session", "lock-open", cash,
        _("begin shift till box"), order=30,
    )  # fmt: skip
    yield Place(
        _("Close my cash session"), "payments:sessions", "lock", cash,
        _("end shift count cash till box sessions"), order=31,
    )  # fmt: skip
    yield Place(
        _("Hand money over"), "payments:hand_over", "transfer", cash,
        _("transfer between boxes deposit"), order=60,
    )  # fmt: skip
    yield Place(
        _("Money in or out of the box"), "payments:move_cash", "arrows-exchange", cash,
        _("expense income petty cash"), order=61,
    )  # fmt: skip


search.register(
    Searcher(
        "payments", _("Payments"), "receipt", Verb.SEE_PAYMENTS, find_payments, order=30,
        url_name="payments:payment", recall=recall_payments, list_name="payments:payments",
    )
)  # fmt: skip
places.register(*_places())
