"""The API keeps what its description promises, whatever it is sent."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.urls import get_resolver
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from rest_framework.views import APIView
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from caudal.apps.staff import actions
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import User
from caudal.apps.staff.verbs import Verb
from tests.rig.sight import OWN_PK, Town

pytestmark = pytest.mark.django_db
PROMISES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 3
KNOWN = (str(OWN_PK), "1")
"""Numbers of rows that are there."""


@pytest.fixture
def key(
    user_with_role: Callable[..., User],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """Of an owner, in a provider where every table has a row."""
    # Before it waits for a router a view lets go of the database: here all is one transaction.
    monkeypatch.setattr(connection, "close", lambda: None)
    monkeypatch.setattr(APIView, "throttle_classes", [])
    owner = user_with_role("owner")
    Town(owner)
    _row, text = actions.create_token(
        actor=Actor.system("test"), now=now, user=owner, name="x",
        verbs=[verb.value for verb in Verb],
    )  # fmt: skip
    return text


def described() -> Any:
    assert get_resolver().url_patterns
    schema = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    found = schemathesis.openapi.from_dict(schema)
    found.app = WSGIHandler()
    return found


def sent(case: Any, key: str, failures: list[str]) -> None:
    """Send it for a row that is there and for what was drawn, and take back what it did."""
    drawn = dict(case.path_parameters or {})
    for known in (None, *KNOWN) if drawn else (None,):
        case.path_parameters = {name: known or value for name, value in drawn.items()}
        point = transaction.savepoint()
        try:
            answer = case.call(headers={"Authorization": f"Bearer {key}"})
            case.validate_response(answer, checks=PROMISES)
        except BaseExceptionGroup as group:
            failures.extend(
                f"{case.operation.label}: {str(each)[:300]}" for each in group.exceptions
            )
        except schemathesis.errors.InvalidSchema as error:
            failures.append(f"{case.operation.label}: {error}")
        finally:
            transaction.savepoint_rollback(point)


def test_every_endpoint_answers_as_described(key: str) -> None:
    failures: list[str] = []
    quiet = hypothesis.settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None,
        phases=[hypothesis.Phase.generate], suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    for result in described().get_all_operations():
        operation = result.ok()
        send = partial(sent, key=key, failures=failures)
        quiet(hypothesis.given(case=operation.as_strategy())(send_named(send)))()
    assert failures == [], "\n".join(sorted(set(failures)))


def send_named(send: Any) -> Any:
    def wrapped(case: Any) -> None:
        send(case)

    return wrapped


def test_no_two_shapes_have_one_name() -> None:
    GENERATOR_STATS.reset()
    with GENERATOR_STATS.silence():
        described()
    told = [text for text in GENERATOR_STATS._warn_cache if "identical names" in text]
    assert told == []


def test_every_endpoint_wants_a_key() -> None:
    for result in described().get_all_operations():
        operation = result.ok()
        names = [each.name for each in operation.path_parameters]
        case = operation.Case(path_parameters=dict.fromkeys(names, "1"))
        assert case.call().status_code == 401, operation.label
