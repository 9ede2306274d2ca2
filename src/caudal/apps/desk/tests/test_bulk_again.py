"""A bulk act that was done in part: what was typed is kept, the rest is tried again, and told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from caudal.apps.bulk import actions as bulk
from caudal.apps.bulk.models import BulkAct
from caudal.apps.customers.models import Customer
from caudal.apps.desk.tests.many import done, ids, post, results, undone
from caudal.apps.messaging.models import Delivery
from caudal.apps.staff.models import JournalEntry, SecurityRules, User
from caudal.core.errors import RuleError

ClientAs = Callable[..., Client]
WORDS = {"subject": "Hola", "body": "Texto"}


@pytest.fixture
def in_part(people: list[Customer], owner: User, now: datetime) -> BulkAct:
    """A message to four customers of whom one may not be told."""
    Customer.objects.filter(pk=people[3].pk).update(may_be_notified=False)
    made = done(owner, "message", people, now, **WORDS)
    assert results(made) == ["done", "done", "done", "refused"]
    return made


def test_going_back_from_the_preview_keeps_what_was_typed(
    people: list[Customer], client_as: ClientAs
) -> None:
    client = client_as("owner")
    data = {"pick": ids(people), "confirmed": 1, "seen": 4, "city": "Oaxaca"}
    preview = post(client, "edit", **data)
    assert 'name="change"' in preview.content.decode()
    back = post(client, "edit", looked=1, change=1, **data)
    assert back.status_code == 200 and back.context["preview"] is None
    assert back.context["form"]["city"].value() == "Oaxaca"
    assert 'name="looked"' not in back.content.decode()
    assert not BulkAct.objects.exists()


def test_only_what_was_refused_is_tried_again_and_all_of_it_is_taken_back(
    in_part: BulkAct, people: list[Customer], client_as: ClientAs, owner: User, now: datetime
) -> None:
    Customer.objects.filter(pk=people[3].pk).update(may_be_notified=True)
    client = client_as("owner", owner.username)
    page = client.get(f"/bulk/{in_part.pk}/").content.decode()
    assert f"/bulk/{in_part.pk}/retry/" in page
    client.post(f"/bulk/{in_part.pk}/retry/")
    assert results(in_part) == ["done"] * 4
    assert Delivery.objects.count() == 4
    assert JournalEntry.objects.filter(verb="bulk.retry", note="1").exists()
    assert "/retry/" not in client.get(f"/bulk/{in_part.pk}/").content.decode()
    back = undone(owner, BulkAct.objects.get(pk=in_part.pk), now)
    assert results(back) == ["done"] * 4


def test_what_is_still_refused_says_so_again(in_part: BulkAct, owner: User, now: datetime) -> None:
    again = bulk.retry(user=owner, now=now, bulk=in_part)
    assert (again.status, results(again)[3]) == ("done", "refused")
    assert Delivery.objects.count() == 3


def test_a_long_rest_is_left_to_the_worker_and_asked_twice_it_is_one(
    in_part: BulkAct, owner: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 0)
    for _twice in range(2):
        assert bulk.retry(user=owner, now=now, bulk=in_part).status == "queued"
    assert results(in_part) == ["done", "done", "done", "waiting"]
    assert JournalEntry.objects.filter(verb="bulk.retry").count() == 1


def test_what_was_taken_back_or_done_or_is_anothers_is_not_tried_again(
    in_part: BulkAct, people: list[Customer], owner: User, now: datetime, client_as: ClientAs
) -> None:
    other = client_as("manager")
    other.post(f"/bulk/{in_part.pk}/retry/")
    whole = done(owner, "message", people[:3], now, **WORDS)
    with pytest.raises(RuleError, match="nothing-refused"):
        bulk.retry(user=owner, now=now, bulk=whole)
    undone(owner, in_part, now)
    with pytest.raises(RuleError, match="undone-already"):
        bulk.retry(user=owner, now=now + timedelta(hours=1), bulk=in_part)
    assert not JournalEntry.objects.filter(verb="bulk.retry").exists()


def test_trying_a_grave_act_again_asks_for_the_password(
    people: list[Customer], owner: User, now: datetime, client_as: ClientAs
) -> None:
    SecurityRules.objects.create(asked_again=["ending"])
    mild = done(owner, "message", people, now, **WORDS)
    grave = done(owner, "delete", people, now)
    client = client_as("owner", owner.username)
    assert client.post(f"/bulk/{grave.pk}/retry/").status_code == 200
    assert client.post(f"/bulk/{mild.pk}/retry/").status_code == 302


def test_the_result_is_a_file(in_part: BulkAct, client_as: ClientAs, owner: User) -> None:
    answer: Any = client_as("owner", owner.username).get(f"/bulk/{in_part.pk}/results.csv")
    rows = b"".join(answer.streaming_content).decode().splitlines()
    assert len(rows) == 5 and "Cliente 3" in rows[4]
    refused = in_part.rows.get(status="refused")
    assert refused.result in rows[4]
    assert client_as("technician").get(f"/bulk/{in_part.pk}/results.csv").status_code == 403


def test_the_api_tries_again_too(
    in_part: BulkAct, people: list[Customer], client_as: ClientAs, owner: User
) -> None:
    Customer.objects.filter(pk=people[3].pk).update(may_be_notified=True)
    answer = client_as("owner", owner.username).post(f"/api/v1/bulk-acts/{in_part.pk}/retry/")
    assert answer.status_code == 200
    assert (answer.json()["done"], answer.json()["refused"]) == (4, 0)
