"""Cash boxes: each has its own account in the ledger (CSH-1)."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation

from caudal.apps.catalog.models import Company
from caudal.apps.ledger.models import Account
from caudal.apps.payments.models import CashBox
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.apps.staff.models import Branch, User

ACCOUNTS = {
    CashBox.Kind.CASH: Account.Kind.CASH,
    CashBox.Kind.BANK: Account.Kind.BANK,
    CashBox.Kind.GATEWAY: Account.Kind.GATEWAY,
    CashBox.Kind.CHEQUES: Account.Kind.CHEQUES,
}
FIELDS = ["name", "operator_id", "branch_id", "needs_session", "is_active"]


def cheques_box(company: Company, currency: str) -> CashBox:
    """Where the company keeps cheques until the bank has them; made when the first one comes."""
    found = CashBox.objects.select_related("account", "company").filter(
        company=company, kind=CashBox.Kind.CHEQUES, account__currency=currency
    )
    box = found.first()
    if box is not None:
        return box
    with translation.override(settings.LANGUAGE_CODE):
        name = str(CashBox.Kind.CHEQUES.label)
    if currency != company.currency:
        name = f"{name} {currency}"
    try:
        with transaction.atomic():
            return _create(company, name, CashBox.Kind.CHEQUES, currency)
    except IntegrityError:
        # Another cashier took the first cheque at the same moment.
        return found.get()


@transaction.atomic
def create_cash_box(
    *,
    actor: Actor,
    now: datetime,
    company: Company,
    name: str,
    kind: str,
    currency: str = "",
    operator: User | None = None,
    needs_session: bool = False,
    branch: Branch | None = None,
) -> CashBox:
    """A place for money; its kind and currency (the company's by default) never change."""
    box = _create(company, name, kind, currency or company.currency)
    box.operator, box.needs_session = operator, needs_session and box.kind == CashBox.Kind.CASH
    box.branch = branch
    box.save(update_fields=["operator", "needs_session", "branch"])
    record(actor, "payments.create_cash_box", box, now=now, after=snapshot(box, ["name", "kind"]))
    return box


@transaction.atomic
def edit_cash_box(
    *,
    actor: Actor,
    now: datetime,
    box: CashBox,
    name: str,
    is_active: bool,
    operator: User | None = None,
    needs_session: bool = False,
    branch: Branch | None = None,
) -> CashBox:
    """Rename it, give it to somebody, or take it out of use: what it holds stays in the books."""
    before = snapshot(box, FIELDS)
    box.name, box.is_active, box.operator, box.branch = name, is_active, operator, branch
    box.needs_session = needs_session and box.kind == CashBox.Kind.CASH
    box.save(update_fields=["name", "is_active", "operator", "branch", "needs_session"])
    Account.objects.filter(pk=box.account_id).update(name=name)
    record(
        actor, "payments.edit_cash_box", box, now=now, before=before, after=snapshot(box, FIELDS)
    )
    return box


def _create(company: Company, name: str, kind: str, currency: str) -> CashBox:
    account = Account.objects.create(
        company=company,
        kind=ACCOUNTS[CashBox.Kind(kind)],
        code=uuid4().hex,
        name=name,
        currency=currency,
    )
    return CashBox.objects.create(company=company, name=name, kind=kind, account=account)
