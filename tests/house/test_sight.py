"""Who does not see a customer finds him nowhere: every address, knocked at with his rows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from caudal.apps.bulk.acts import acts_for
from caudal.apps.customers.models import Customer
from caudal.apps.staff.access import OPEN
from caudal.apps.staff.models import Role, User
from caudal.apps.staff.verbs import Verb
from tests.house.test_doors import Door, doors
from tests.rig.sight import FOREIGN_PK, LEFT_OUT, OWN, OWN_PK, TELLING, Town, lacking, of_customers

pytestmark = pytest.mark.django_db
NAMES = ("customer", "customers", "customer_id", "service", "service_id", "invoice", "invoices",
         "payment", "connection", "row", "rows", "pk", "id", "ids", "pick", "line",
         "cheque", "part", "promise")  # fmt: skip
"""What pages and forms call the numbers of rows that they are given."""
SOUGHT = ("q", "search", "text", "name", "words", "term")
SUBJECTS = ("customers", "invoices")
"""Kinds of rows that lists offer acts on."""
NOT_MADE = {"desk.submission", "desk.draft", "customers.fieldvalue", *LEFT_OUT}
"""Tables whose rows tell nothing of a customer but his number."""
WRITING = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture(params=["his own customers", "another branch"])
def narrow(request: Any, user_with_role: Callable[..., User]) -> User:
    """Who may do everything, but only with a part of the customers."""
    own_only = request.param == "his own customers"
    user = user_with_role("collector" if own_only else "manager")
    Role.objects.filter(pk=user.role_id).update(verbs=[verb.value for verb in Verb])
    return User.objects.select_related("role").get(pk=user.pk)


@pytest.fixture
def town(narrow: User, user_with_role: Callable[..., User]) -> Town:
    made = Town(user_with_role("owner"))
    if narrow.role.only_own_customers:
        Customer.objects.filter(pk=made.own.pk).update(collector=narrow)
    else:
        User.objects.filter(pk=narrow.pk).update(branch_ids=[made.north.pk])
    return made


def asked(town: Town) -> list[dict[str, str]]:
    """What is asked of each address: nothing, the foreign rows by number, and by what is known."""
    code = town.foreign.code
    numbers = {name: str(FOREIGN_PK) for name in NAMES}
    return [
        {},
        numbers | {"codes": code, "code": code},
        *({name: words for name in SOUGHT} for words in ("zutane", code, "87654", "10.66.7")),
    ]


def told(answer: Any) -> str:
    """The telling words in an answer, wherever they stand."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = body.decode("utf-8", "replace").lower() + str(answer.headers).lower()
    return next((word for word in TELLING if word in text), "")


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements that change rows of the foreign customer; everything is taken back."""
    found: list[str] = []
    theirs = {model._meta.db_table for model in of_customers()}

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        touched = any(type(each) is int and 0 <= each - FOREIGN_PK < 900 for each in params or ())
        if sql.startswith(WRITING) and touched and sql.split('"')[1] in theirs:
            found.append(sql)
        return execute(sql, params, many, context)

    point = transaction.savepoint()
    with connection.execute_wrapper(look):
        yield found
    transaction.savepoint_rollback(point)


def address(door: Door, number: int) -> str:
    """The door with this number in place of the first row's."""
    parts = ["", *(str(number) if part == "1" else part for part in door.address.split("/")[1:])]
    return "/".join(parts)


def places(door: Door) -> list[str]:
    """Where to knock: at the foreign row, and at the first row, which may hold foreign ones."""
    return list(dict.fromkeys((address(door, FOREIGN_PK), door.address)))


def guarded() -> list[Door]:
    return [door for door in doors() if door.verb != OPEN]


def browser(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="caudal.apps.staff.backends.RoleBackend")
    return client


def test_the_walk_has_a_foreign_row_of_every_table(town: Town) -> None:
    assert set(lacking(FOREIGN_PK)) <= NOT_MADE


def test_pages_lists_exports_and_answers_tell_nothing_of_foreign_customers(
    town: Town, narrow: User
) -> None:
    client = browser(narrow)
    wrong = []
    for door in guarded():
        for place in places(door):
            for query in asked(town)[: 2 if "<" in door.pattern else None]:
                answer = client.get(place, query)
                if answer.status_code >= 500 or told(answer):
                    wrong.append((place, answer.status_code, told(answer), tuple(query)[:1]))
                if answer.status_code in (403, 404, 405):
                    break
    assert wrong == [], "\n".join(map(str, wrong))


def test_nothing_that_is_sent_touches_foreign_rows(town: Town, narrow: User) -> None:
    client = browser(narrow)
    cookies = client.cookies.output()
    wrong = []
    for door in guarded():
        for place in places(door):
            kind = {"content_type": "application/json"} if place.startswith("/api/") else {}
            data = asked(town)[1] | {"key": "11111111-1111-4111-8111-111111111111", "reason": "x"}
            with written() as changes:
                answer = client.post(place, data, **kind)  # type: ignore[arg-type]
                said = told(answer)
            client.cookies.load(cookies)
            if answer.status_code >= 500 or said or changes:
                wrong.append((place, answer.status_code, said, changes[:1]))
    assert wrong == [], "\n".join(map(str, wrong))


def test_his_own_customer_he_finds_by_the_same_ways(town: Town, narrow: User) -> None:
    client = browser(narrow)
    found = 0
    for door in guarded():
        answer = client.get(address(door, OWN_PK))
        if not answer.streaming and OWN in answer.content.decode("utf-8", "replace"):
            found += 1
    assert found > 60


def test_no_act_on_many_rows_reaches_foreign_ones(town: Town, narrow: User) -> None:
    client, wrong = browser(narrow), []
    chosen: list[dict[str, Any]] = [
        {"codes": town.foreign.code},
        {"pick": [str(FOREIGN_PK)]},
        {"all": "1", "query": ""},
        {"all": "1", "query": "q=zutane"},
    ]
    for act in (each for key in SUBJECTS for each in acts_for(narrow, key)):
        for choice in chosen:
            answer = client.post("/bulk/", {"act": act.key, **choice})
            everybody = choice.get("query") == ""
            if told(answer) or not (everybody or answer.context["count"] == 0):
                wrong.append((act.key, choice, told(answer)))
    assert wrong == [], "\n".join(map(str, wrong))
