"""Tags of customers (IC-61): defined, put on, shown, asked for, and put on many at once."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from caudal.apps.customers import actions
from caudal.apps.customers.models import Customer, Tag
from caudal.apps.desk.tests.many import done, ids, post, results, undone
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import JournalEntry, User
from tests.rig.queries import queries_of

ClientAs = Callable[..., Client]
ANY = Actor.system("test")


@pytest.fixture
def vip(db: None, now: datetime) -> Tag:
    return actions.create_tag(actor=ANY, now=now, name="VIP", color="violet", text="Paga siempre")


@pytest.fixture
def leaving(db: None, now: datetime) -> Tag:
    return actions.create_tag(actor=ANY, now=now, name="En retiro")


def put(customer: Customer, now: datetime, *tags: Tag) -> bool:
    return actions.set_tags(actor=ANY, now=now, customer=customer, tags=tags)


def tags_of(customer: Customer) -> list[str]:
    return list(customer.tags.values_list("name", flat=True))


def test_a_customer_has_several_and_the_journal_tells(
    customer: Customer, vip: Tag, leaving: Tag, now: datetime
) -> None:
    assert put(customer, now, vip)
    assert put(customer, now, vip, leaving)
    assert not put(customer, now, leaving, vip)
    entries = JournalEntry.objects.filter(verb="customer.set_tags").order_by("id")
    assert [entry.after["tags"] for entry in entries] == ["VIP", "En retiro; VIP"]


def test_two_tags_are_not_called_alike(vip: Tag, now: datetime) -> None:
    with pytest.raises(ValidationError):
        actions.create_tag(actor=ANY, now=now, name="vip")
    with pytest.raises(ValidationError):
        actions.create_tag(actor=ANY, now=now, name="Otra", color="url(x)")


def test_files_name_tags_and_new_ones_are_made(vip: Tag, now: datetime) -> None:
    found = actions.tags_named(actor=ANY, now=now, names=["vip", " ", "Nueva", "NUEVA"])
    assert [tag.name for tag in found] == ["VIP", "Nueva"]
    assert Tag.objects.count() == 2


def test_they_stand_in_list_page_and_files(
    client_as: ClientAs, customer: Customer, vip: Tag, now: datetime
) -> None:
    put(customer, now, vip)
    owner = client_as("owner")
    shown = owner.get("/customers/", headers={"HX-Request": "true"}).content.decode()
    assert 'class="tag tag-violet"' in shown and "Paga siempre" in shown
    assert "tag-violet" in owner.get(f"/customers/{customer.pk}/").content.decode()
    answer = owner.get("/customers/export.json")
    [row] = json.loads(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert row["tags"] == "VIP"


def test_the_list_is_narrowed_to_a_tag_or_to_who_lacks_it(
    client_as: ClientAs, people: list[Customer], vip: Tag, now: datetime
) -> None:
    put(people[0], now, vip)
    owner = client_as("owner")
    for query, found in (({"tag": vip.pk}, {0}), ({"not_tag": vip.pk}, {1, 2, 3})):
        shown = owner.get("/customers/", query, headers={"HX-Request": "true"}).content.decode()
        assert {n for n, each in enumerate(people) if each.code in shown} == found
        assert "VIP" in shown


def test_the_list_asks_as_often_whatever_the_tags(
    client_as: ClientAs, people: list[Customer], vip: Tag, leaving: Tag, now: datetime
) -> None:
    owner = client_as("owner")

    def count() -> int:
        return queries_of(lambda: owner.get("/customers/", headers={"HX-Request": "true"}))

    count()
    without = count()
    for customer in people:
        put(customer, now, vip, leaving)
    assert count() == without


def test_those_of_one_customer_are_ticked_on_a_page(
    client_as: ClientAs, customer: Customer, vip: Tag, leaving: Tag, now: datetime
) -> None:
    owner, at = client_as("owner"), f"/customers/{customer.pk}/tags/"
    owner.post(at, {"tags": [vip.pk, leaving.pk]})
    assert tags_of(customer) == ["En retiro", "VIP"]
    actions.archive_tag(actor=ANY, now=now, tag=leaving)
    assert "En retiro" in owner.get(at).content.decode()
    owner.post(at, {"tags": [vip.pk]})
    assert "En retiro" not in owner.get(at).content.decode()
    assert client_as("cashier").get(at).status_code == 403


def test_a_tag_is_defined_renamed_and_archived_on_its_page(client_as: ClientAs) -> None:
    owner = client_as("owner")
    owner.post("/customers/tags/new/", {"name": "VIP", "color": "red"})
    tag = Tag.objects.get()
    again = owner.post("/customers/tags/new/", {"name": "vip", "color": "red"})
    assert "name" in again.context["form"].errors
    owner.post(f"/customers/tags/{tag.pk}/", {"name": "Vip", "color": "teal", "text": "x"})
    owner.post(f"/customers/tags/{tag.pk}/use/0/")
    tag.refresh_from_db()
    assert (tag.name, tag.color, tag.archived_at is None) == ("Vip", "teal", False)
    assert "Vip" in owner.get("/customers/tags/").content.decode()
    assert client_as("seller").get("/customers/tags/").status_code == 403


def test_many_are_tagged_at_once_and_back_without_what_came_since(
    people: list[Customer], owner: User, vip: Tag, leaving: Tag, now: datetime
) -> None:
    put(people[0], now, vip)
    put(people[1], now, leaving)
    options = {"put": [str(vip.pk)], "take": [str(leaving.pk)]}
    act = done(owner, "tag", people, now, **options)
    assert results(act) == ["refused", "done", "done", "done"]
    assert [tags_of(each) for each in people] == [["VIP"]] * 4
    put(people[2], now, vip, leaving)
    undone(owner, act, now)
    assert [tags_of(each) for each in people] == [["VIP"], ["En retiro"], ["En retiro"], []]


def test_the_preview_of_a_tagging_changes_nothing(
    client_as: ClientAs, people: list[Customer], vip: Tag
) -> None:
    client = client_as("owner")
    sent = {"pick": ids(people), "confirmed": 1, "seen": 4}
    assert "VIP" in post(client, "tag", pick=ids(people)).content.decode()
    assert "VIP" in post(client, "tag", put=[vip.pk], **sent).content.decode()
    both = post(client, "tag", put=[vip.pk], take=[vip.pk], **sent)
    assert both.context["form"].errors
    assert not Customer.tags.through.objects.exists()
