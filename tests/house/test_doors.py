"""Every address is guarded: nobody gets in without a session, and nobody without the verb."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

from caudal.apps.staff.access import OPEN, SIGNED_IN
from caudal.apps.staff.models import Role
from caudal.apps.staff.verbs import Verb

OPEN_TO_ALL = {"healthz", "staff/login/", "staff/language/"}
"""The addresses that anybody may open."""
REFUSALS = (302, 401, 403)


@dataclass(frozen=True)
class Door:
    address: str
    """As a browser asks for it, with numbers and words in place of arguments."""
    pattern: str
    verb: Any


def doors() -> list[Door]:
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[URLPattern | URLResolver], before: str, address: str) -> Iterator[Door]:
    for each in patterns:
        shown = before + str(each.pattern)
        asked = address + _filled(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, shown, asked)
        else:
            yield Door(f"/{asked}", shown, _verb(each.callback))


def _filled(pattern: Any) -> str:
    text = str(pattern)
    for name, converter in pattern.converters.items():
        value = "1"
        if isinstance(converter, UUIDConverter):
            value = "11111111-1111-4111-8111-111111111111"
        elif not isinstance(converter, IntConverter):
            value = "x"
        kind = next(
            part for part in text.replace("<", "\n<").replace(">", ">\n").splitlines()
            if part.startswith("<") and part.rstrip(">").split(":")[-1].strip("<") == name
        )  # fmt: skip
        text = text.replace(kind, value)
    return text.lstrip("^").rstrip("$")


def _verb(callback: Callable[..., Any]) -> Any:
    """What guards a function view, or the class behind an API view."""
    holder = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
    found = getattr(callback, "verb", None)
    return found if found is not None else getattr(holder, "verb", None)


def test_every_view_says_who_may_open_it() -> None:
    assert [door.pattern for door in doors() if door.verb is None] == []


def test_only_the_known_few_are_open_to_all() -> None:
    assert {door.pattern for door in doors() if door.verb == OPEN} == OPEN_TO_ALL


@pytest.mark.django_db
def test_nobody_gets_in_without_a_session(client: Client) -> None:
    entered = [
        (method, door.address)
        for door in doors()
        if door.verb != OPEN
        for method in ("get", "post")
        if getattr(client, method)(door.address).status_code not in (*REFUSALS, 405)
    ]
    assert entered == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["owner", "cashier", "technician", "collector", "seller"])
def test_every_role_gets_in_where_its_verbs_say_and_nowhere_else(
    role: str, client_as: Callable[..., Client]
) -> None:
    client = client_as(role)
    client.raise_request_exception = False
    verbs = set(Role.objects.get(code=role).verbs)
    wrong = []
    for door in doors():
        if door.verb in (OPEN, SIGNED_IN):
            continue
        status = client.get(door.address).status_code
        if status == 405:
            continue
        may = Verb(door.verb).value in verbs
        if (status == 403) == may or status >= 500:
            wrong.append((door.address, status, "may" if may else "may not"))
    assert wrong == []
