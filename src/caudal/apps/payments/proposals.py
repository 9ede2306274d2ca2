"""Which box is proposed for which form of payment, and which a person may choose from."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from caudal.apps.catalog.models import Company
from caudal.apps.payments.models import CashBox, CashSession, PaymentPart
from caudal.apps.payments.tills import KINDS_OF_METHOD
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.errors import RuleError


def boxes_for(user: User, company: Company, currency: str = "") -> QuerySet[CashBox]:
    """Where this person may put money: no drawer of others, unless he supervises them."""
    rows = (
        visible(user, CashBox.objects.all())
        .filter(company=company, is_active=True, account__currency=currency or company.currency)
        .exclude(kind=CashBox.Kind.CHEQUES)
    )
    if not user.may(Verb.SUPERVISE_CASH):
        rows = rows.filter(Q(operator=None) | Q(operator=user))
    return rows.select_related("account", "company").order_by("name")


def require_seen(user: User, boxes: Iterable[CashBox | None]) -> None:
    """Raises RuleError "cash-box-not-usable" where one is of a branch that he does not see."""
    named = {box.pk: box for box in boxes if box is not None}
    seen = visible(user, CashBox.objects.filter(pk__in=named)).values_list("pk", flat=True)
    for pk in named.keys() - set(seen):
        raise RuleError("cash-box-not-usable", field="cash_box", cash_box=str(named[pk]))


def proposed_boxes(user: User, company: Company, currency: str = "") -> dict[str, int]:
    """Method -> box: cash into the drawer that he has open, transfers into the bank, and so on."""
    boxes = list(boxes_for(user, company, currency))
    opened = _opened_by(user)
    used = _used_by(user)

    def rank(box: CashBox) -> tuple[bool, bool, bool, int]:
        return (
            box.pk not in opened,
            box.needs_session,
            box.operator_id != user.pk,
            -used.get(box.pk, 0),
        )

    proposed = {}
    for method, kinds in KINDS_OF_METHOD.items():
        fitting = [box for kind in kinds for box in boxes if box.kind == kind]
        fitting.sort(key=lambda box: (kinds.index(CashBox.Kind(box.kind)), rank(box)))
        if fitting:
            proposed[method.value] = fitting[0].pk
    return proposed


def box_choice(user: User, company: Company) -> dict[str, Any]:
    """What a page needs to offer the boxes that fit a form of payment, and to propose one."""
    return {
        "kinds": {method.value: list(kinds) for method, kinds in KINDS_OF_METHOD.items()},
        "boxes": {str(box.pk): box.kind for box in boxes_for(user, company)},
        "proposed": proposed_boxes(user, company),
    }


def _opened_by(user: User) -> set[int]:
    rows = CashSession.objects.filter(closed_at=None, operator=user)
    return set(rows.values_list("box_id", flat=True))


def _used_by(user: User) -> dict[int, int]:
    """Box -> the newest part that he put there, of his last hundred."""
    last = PaymentPart.objects.filter(payment__operator=user).order_by("-pk")[:100]
    found: dict[int, int] = {}
    for box, pk in last.values_list("cash_box_id", "pk"):
        found.setdefault(box, pk)
    return found
