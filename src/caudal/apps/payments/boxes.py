"""Cash boxes: each has its own account in the ledger (CSH-1)."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from caudal.apps.catalog.models import Company
from caudal.apps.ledger.models import Account
from caudal.apps.payments.models import CashBox
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot

ACCOUNTS = {
    CashBox.Kind.CASH: Account.Kind.CASH,
    CashBox.Kind.BANK: Account.Kind.BANK,
    CashBox.Kind.GATEWAY: Account.Kind.GATEWAY,
}
FIELDS = ["name", "is_active"]


@transaction.atomic
def create_cash_box(
    *, actor: Actor, now: datetime, company: Company, name: str, kind: str, currency: str = ""
) -> CashBox:
    """A place for money; its kind and currency (the company's by default) never change."""
    account = Account.objects.create(
        company=company,
        kind=ACCOUNTS[CashBox.Kind(kind)],
        code=uuid4().hex,
        name=name,
        currency=currency or company.currency,
    )
    box = CashBox.objects.create(company=company, name=name, kind=kind, account=account)
    record(actor, "payments.create_cash_box", box, now=now, after=snapshot(box, ["name", "kind"]))
    return box


@transaction.atomic
def edit_cash_box(
    *, actor: Actor, now: datetime, box: CashBox, name: str, is_active: bool
) -> CashBox:
    """Rename it, or take it out of use: what it holds stays in the books."""
    before = snapshot(box, FIELDS)
    box.name, box.is_active = name, is_active
    box.save(update_fields=FIELDS)
    Account.objects.filter(pk=box.account_id).update(name=name)
    record(
        actor, "payments.edit_cash_box", box, now=now, before=before, after=snapshot(box, FIELDS)
    )
    return box
