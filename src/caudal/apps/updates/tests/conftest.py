"""A small provider whose customers come back in an edited file."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from caudal.apps.bulk import actions as bulk
from caudal.apps.bulk.models import BulkAct
from caudal.apps.customers.models import Customer
from caudal.apps.desk.tests.conftest import (  # noqa: F401 - fixtures
    north,
    owner,
    people,
    plan,
    router,
    zone,
)
from caudal.apps.staff.models import User
from caudal.apps.updates import actions, filing
from caudal.apps.updates.checking import check_all
from caudal.apps.updates.models import Update, UpdateRow

ALL = [key for key, _label in filing.GROUPS]


@dataclass
class Desk:
    """Short words to bring a file and to take it over."""

    user: User
    now: datetime

    def exported(self, customers: Any = None) -> list[dict[str, str]]:
        """The file for editing, as its rows by heading."""
        text = self.file("csv", customers).decode()
        return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))

    def file(self, kind: str, customers: Any = None) -> bytes:
        found = Customer.objects.order_by("code") if customers is None else customers
        columns = filing.offered(self.user, ALL)
        file = io.BytesIO()
        filing.write(file, kind, columns, filing.rows(found, columns, lambda _n: None))
        return file.getvalue()

    def bring(self, content: str | bytes | Sequence[Mapping[str, str]], **options: Any) -> Update:
        """Opened, with the columns that were proposed, and checked."""
        update = self.open(content)
        given = {"mapping": update.mapping, "known_by": update.known_by} | options
        update = actions.choose_columns(update=update, **given)
        check_all(update)
        return update

    def open(self, content: str | bytes | Sequence[Mapping[str, str]]) -> Update:
        if not isinstance(content, str | bytes):
            content = written(content)
        data = content.encode() if isinstance(content, str) else content
        return actions.open_update(
            user=self.user, now=self.now, content=data, filename="clientes.csv"
        )

    def take(self, update: Update) -> BulkAct:
        return actions.take_over(user=self.user, now=self.now, key=uuid4(), update=update)

    def took(self, rows: Sequence[Mapping[str, str]]) -> BulkAct:
        """The table, of which nothing is wrong, taken over whole."""
        update = self.bring(rows)
        assert problems(update) == {}
        return self.take(update)

    def undo(self, act: BulkAct, later: datetime) -> BulkAct:
        return bulk.undo(user=self.user, now=later, key=uuid4(), bulk=act)


@pytest.fixture
def desk(user_with_role: Callable[..., User], now: datetime) -> Desk:
    return Desk(user_with_role("owner"), now)


def written(rows: Sequence[Mapping[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def changes(update: Update) -> dict[int, list[list[str]]]:
    """Line -> what it would change."""
    rows = update.rows.filter(outcome=UpdateRow.Outcome.CHANGED)
    return {row.line: row.changes for row in rows}


def problems(update: Update) -> dict[int, str]:
    rows = update.rows.filter(outcome=UpdateRow.Outcome.WRONG).order_by("line")
    return {row.line: " | ".join(text for _key, text in row.problems) for row in rows}
