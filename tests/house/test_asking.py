"""A field that was just left asks only for its errors: no page comes, and nothing is done."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tests.house.test_doors import doors
from tests.rig.sight import Town

pytestmark = pytest.mark.django_db
ASKS = re.compile(r'hx-post="([^"]+)" hx-trigger="change"[^>]*?"validate": "(\w+)"')


def test_every_form_that_asks_while_typing_is_answered_with_errors_alone(
    client_as: Callable[..., Client], user_with_role: Callable[..., object]
) -> None:
    Town(user_with_role("owner"))  # type: ignore[arg-type]
    client, wrong, asked = client_as("owner"), [], 0
    client.raise_request_exception = False
    for place in dict.fromkeys(door.address for door in doors()):
        page = client.get(place)
        text = "" if page.streaming else page.content.decode("utf-8", "replace")
        for address, name in ASKS.findall(text)[:1]:
            asked += 1
            answer = client.post(address, {"validate": name}, headers={"HX-Request": "true"})
            if answer.status_code != 200 or "<html" in answer.content.decode():
                wrong.append((place, answer.status_code))
    assert asked > 30
    assert wrong == []
