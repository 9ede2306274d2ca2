"""Every endpoint of the API asks of a key what it asks of a person: the walk with keys."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from caudal.apps.staff import actions
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import Role, User
from caudal.apps.staff.verbs import Verb
from tests.house.test_doors import Door, doors

pytestmark = pytest.mark.django_db
EVERY = [verb.value for verb in Verb]


def endpoints() -> list[Door]:
    return [door for door in doors() if door.pattern.startswith("api/v1/")]


def ways() -> list[tuple[Door, str, Verb]]:
    """Every method of every endpoint, and the verb that guards it."""
    return [(door, method, verb) for door in endpoints() for method, verb in door.ways.items()]


def knock(door: Door, text: str, method: str = "", address: str = "192.0.2.1") -> int:
    client = Client(raise_request_exception=False)
    headers = {"Authorization": f"Bearer {text}"}
    send = getattr(client, method or door.method)
    return int(send(door.address, headers=headers, REMOTE_ADDR=address).status_code)


def test_a_key_without_the_verb_opens_no_endpoint(
    user_with_role: Callable[..., User], now: datetime, settings: object
) -> None:
    owner = user_with_role("owner")
    wrong = []
    for verb in {verb for _door, _method, verb in ways()}:
        others = [each for each in EVERY if each != verb]
        _row, text = actions.create_token(
            actor=Actor.system("test"), now=now, user=owner, name="x", verbs=others
        )
        wrong += [
            (method, door.pattern, status)
            for door, method, guard in ways()
            if guard == verb and (status := knock(door, text, method)) != 403
        ]
    assert wrong == []


def test_a_key_does_no_more_than_its_owner(
    user_with_role: Callable[..., User], now: datetime
) -> None:
    owner = user_with_role("owner")
    _row, text = actions.create_token(
        actor=Actor.system("test"), now=now, user=owner, name="x", verbs=EVERY
    )
    Role.objects.filter(pk=owner.role_id).update(verbs=[])
    assert {knock(door, text, method) for door, method, _verb in ways()} == {403}


@pytest.mark.parametrize("why", ["expired", "elsewhere", "revoked", "kept out"])
def test_a_key_that_is_not_good_opens_nothing(
    user_with_role: Callable[..., User], now: datetime, why: str
) -> None:
    owner, given = user_with_role("owner"), {}
    if why == "expired":
        given = {"expires_at": now - timedelta(days=1)}
    row, text = actions.create_token(
        actor=Actor.system("test"), now=now, user=owner, name="x", verbs=EVERY,
        networks=["203.0.113.0/24"] if why == "elsewhere" else [], **given,
    )  # fmt: skip
    if why == "revoked":
        actions.revoke_token(actor=Actor.system("test"), now=now, token=row)
    if why == "kept out":
        User.objects.filter(pk=owner.pk).update(is_active=False)
    assert {knock(door, text) for door in endpoints()} == {401}
