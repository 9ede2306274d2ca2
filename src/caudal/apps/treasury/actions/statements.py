"""Bank accounts and what their files tell: each line once, whatever the files."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from caudal.apps.catalog.models import Company
from caudal.apps.payments.models import CashBox
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.journal import record, snapshot
from caudal.apps.treasury.models import BankAccount, BankLine, BankStatement
from caudal.core.bank_lines import difference, keys
from caudal.core.ports.statement import Movement, Reading

FIELDS = ["name", "number", "cash_box_id", "restores", "is_active"]
KEPT_PROBLEMS = 2000


@transaction.atomic
def create_bank_account(
    *,
    actor: Actor,
    now: datetime,
    company: Company,
    name: str,
    cash_box: CashBox,
    number: str = "",
    restores: bool = True,
) -> BankAccount:
    account = BankAccount.objects.create(
        company=company, name=name, number=number, cash_box=cash_box, restores=restores
    )
    record(actor, "treasury.create_bank_account", account, now=now, after=snapshot(account, FIELDS))
    return account


@transaction.atomic
def edit_bank_account(
    *, actor: Actor, now: datetime, account: BankAccount, **values: Any
) -> BankAccount:
    """Change any of FIELDS; the company never changes."""
    account = BankAccount.objects.select_for_update().get(pk=account.pk)
    before = snapshot(account, FIELDS)
    for name, value in values.items():
        setattr(account, name, value)
    account.save()
    after = snapshot(account, FIELDS)
    record(actor, "treasury.edit_bank_account", account, now=now, before=before, after=after)
    return account


@transaction.atomic
def take_statement(
    *,
    actor: Actor,
    now: datetime,
    account: BankAccount,
    filename: str,
    format: str,
    content: bytes,
    reading: Reading,
    columns: Mapping[str, str] | None = None,
) -> BankStatement:
    """Keep what a file tells. Lines that are there already, of this file or another, stay as they
    are; the columns that a person chose are remembered for the account's next file."""
    account = BankAccount.objects.select_for_update().get(pk=account.pk)
    if columns:
        account.columns = {**account.columns, **columns}
        account.save(update_fields=["columns"])
    days = [line.on for line in reading.movements]
    statement = BankStatement.objects.create(
        account=account,
        filename=filename[:200],
        format=format,
        file_hash=sha256(content).hexdigest(),
        header=list(reading.header),
        opening=reading.opening,
        closing=reading.closing,
        difference=difference(reading.movements, reading.opening, reading.closing),
        first=min(days, default=None),
        last=max(days, default=None),
        problems=[[p.place, p.fault, list(p.cells)] for p in reading.problems[:KEPT_PROBLEMS]],
        created_at=now,
        created_by=actor.name,
    )
    statement.new_lines = _keep_lines(statement, reading)
    statement.known_lines = len(reading.movements) - statement.new_lines
    statement.save(update_fields=["new_lines", "known_lines"])
    after = {"new": statement.new_lines, "known": statement.known_lines}
    record(actor, "treasury.read_statement", statement, now=now, after=after)
    return statement


def _keep_lines(statement: BankStatement, reading: Reading) -> int:
    """How many were new. The account is locked, so nobody adds the same ones meanwhile."""
    named = dict(zip(keys(reading.movements), reading.movements, strict=True))
    known: set[str] = set()
    names = list(named)
    mine = BankLine.objects.filter(account=statement.account)
    for at in range(0, len(names), 500):
        found = mine.filter(key__in=names[at : at + 500])
        known |= set(found.values_list("key", flat=True))
    rows = [_line(statement, name, line) for name, line in named.items() if name not in known]
    BankLine.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _line(statement: BankStatement, name: str, line: Movement) -> BankLine:
    came_in = line.amount > 0
    return BankLine(
        account=statement.account,
        statement=statement,
        place=line.place,
        key=name,
        on=line.on,
        amount=line.amount,
        text=line.text[:400],
        reference=line.reference[:120],
        payer=line.payer[:200],
        payer_account=line.payer_account[:60],
        state=BankLine.State.OPEN if came_in else BankLine.State.OUTGOING,
    )
