"""Tests that commit end by emptying the tables, which the guards of the books would refuse.

What migrations put into them is given back at once: with several processes nobody knows which
test comes next.
"""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.base.creation import BaseDatabaseCreation
from django.test import TransactionTestCase

from caudal.apps.ledger import guards as ledger
from caudal.apps.payments import guards as payments


@pytest.fixture(scope="session", autouse=True)
def ledger_is_emptied_between_tests_that_commit() -> Iterator[None]:
    empty = TransactionTestCase._fixture_teardown
    serialize = BaseDatabaseCreation.serialize_db_to_string
    rows = ""

    def remember(creation: BaseDatabaseCreation) -> str:
        # Not read off the connection: beside a browser's event loop Django makes another one.
        nonlocal rows
        rows = serialize(creation)
        return rows

    def with_guards_down(case: TransactionTestCase) -> None:
        for guards in (ledger, payments):
            guards.remove(connection)
        if rows:
            # By this attribute Django knows that it need not make its own rows (content types)
            # again, whose keys would not be those that come back.
            connection._test_serialized_contents = rows  # type: ignore[attr-defined]
        try:
            empty(case)
            if rows:
                connection.creation.deserialize_db_from_string(rows)
        finally:
            for guards in (ledger, payments):
                guards.install(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseCreation, "serialize_db_to_string", remember)
        patch.setattr(TransactionTestCase, "_fixture_teardown", with_guards_down)
        yield
