"""Every address is guarded: nobody gets in without a session, and nobody without the verb."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

from caudal.apps.staff.access import OPEN, SIGNED_IN
from caudal.apps.staff.models import Role
from caudal.apps.staff.tokens import VerbPermission
from caudal.apps.staff.verbs import DEFAULT_ROLES, Verb

OPEN_TO_ALL = {
    "healthz", "staff/login/", "staff/login/code/", "staff/language/", "documents/v/<str:token>/",
    "treasury/notices/<slug:slug>/", "treasury/report/<str:token>/", "aviso/",
    "aviso/seguir/",
}  # fmt: skip
"""The addresses that anybody may open."""
REFUSALS = (302, 401, 403)


@dataclass(frozen=True)
class Door:
    address: str
    """As a browser asks for it, with numbers and words in place of arguments."""
    pattern: str
    ways: dict[str, Any]
    """Method -> what guards it: a verb, one of the words for none, or None for nobody."""

    @property
    def method(self) -> str:
        """The method to knock with: reading, where it can be read."""
        return "get" if "get" in self.ways else next(iter(self.ways))

    @property
    def verb(self) -> Any:
        return self.ways[self.method]


def doors() -> list[Door]:
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[URLPattern | URLResolver], before: str, address: str) -> Iterator[Door]:
    for each in patterns:
        shown = before + str(each.pattern)
        asked = address + _filled(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, shown, asked)
        else:
            yield Door(f"/{asked}", shown, _guards(each.callback))


def _filled(pattern: Any) -> str:
    text = re.sub(r"\(\?P<\w+>[^)]*\)", "1", str(pattern)).replace("\\Z", "")
    for name, converter in pattern.converters.items():
        value = "1"
        if isinstance(converter, UUIDConverter):
            value = "11111111-1111-4111-8111-111111111111"
        elif not isinstance(converter, IntConverter):
            # A converter of our own lists the words that fit.
            listed = re.fullmatch(r"[\w|]+", converter.regex)
            value = converter.regex.split("|")[0] if listed else "x"
        kind = next(
            part for part in text.replace("<", "\n<").replace(">", ">\n").splitlines()
            if part.startswith("<") and part.rstrip(">").split(":")[-1].strip("<") == name
        )  # fmt: skip
        text = text.replace(kind, value)
    return text.lstrip("^").rstrip("$")


def _guards(callback: Callable[..., Any]) -> dict[str, Any]:
    behind = getattr(callback, "cls", None)
    if behind is None or VerbPermission not in behind.permission_classes:
        verb = getattr(callback, "verb", None)
        return {"get": verb, "post": getattr(callback, "post_verb", verb)}
    verbs = callback.initkwargs.get("verbs", getattr(behind, "verbs", {}))  # type: ignore[attr-defined]
    actions = getattr(callback, "actions", None) or {"get": ""}
    return {method: verbs.get(method.upper()) for method in actions if method != "head"}


def test_every_view_says_who_may_open_it() -> None:
    assert [door.pattern for door in doors() if door.verb is None] == []


def test_only_the_known_few_are_open_to_all() -> None:
    assert {door.pattern for door in doors() if door.verb == OPEN} == OPEN_TO_ALL


@pytest.mark.django_db
def test_nobody_gets_in_without_a_session(client: Client) -> None:
    answers = [
        (method, door.address, getattr(client, method)(door.address).status_code)
        for door in doors()
        if door.verb != OPEN
        for method in ("get", "post")
    ]
    assert [answer for answer in answers if answer[2] not in (*REFUSALS, 405)] == []


def test_every_method_of_the_api_says_who_may_use_it() -> None:
    silent = [(door.pattern, door.ways) for door in doors() if None in door.ways.values()]
    assert silent == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", DEFAULT_ROLES)
def test_every_role_gets_in_where_its_verbs_say_and_nowhere_else(
    role: str, client_as: Callable[..., Client]
) -> None:
    client = client_as(role)
    client.raise_request_exception = False
    verbs, cookies = set(Role.objects.get(code=role).verbs), client.cookies.output()
    wrong = []
    for door in doors():
        for method, verb in door.ways.items():
            if verb in (OPEN, SIGNED_IN):
                continue
            status = knock(client, method, door.address)
            client.cookies.load(cookies)
            may = Verb(verb).value in verbs
            if status != 405 and ((status == 403) == may or status >= 500):
                wrong.append((method, door.address, status, "may" if may else "may not"))
    assert wrong == []


def knock(client: Client, method: str, address: str) -> int:
    """The answer's status; what was changed is taken back."""
    point = transaction.savepoint()
    status = int(getattr(client, method)(address).status_code)
    transaction.savepoint_rollback(point)
    return status


@pytest.mark.django_db
def test_every_address_answers_to_one_of_its_methods(
    client_as: Callable[..., Client],
) -> None:
    """Who answers 405 to reading must answer something else to sending: no door is walked past."""
    client = client_as("owner")
    client.raise_request_exception = False
    unanswered = [
        door.address
        for door in doors()
        if door.verb != OPEN
        and all(knock(client, method, door.address) == 405 for method in door.ways)
    ]
    assert unanswered == []
