"""Reasons to leave: kept by the operator, chosen in forms, needed or not, and told by programs."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from caudal.apps.customers import actions
from caudal.apps.customers.causes import used, words_of
from caudal.apps.customers.models import Cause, Customer, Service, Suspension
from caudal.apps.desk.tests.many import TEST, ids, post
from caudal.apps.staff.models import JournalEntry, User
from tests.rig.queries import queries_of

ClientAs = Callable[..., Client]
PAGE = "/customers/causes/"
API = "/api/v1/causes/"


@pytest.fixture
def cause(db: None, now: datetime) -> Cause:
    return actions.create_cause(actor=TEST, now=now, use="cancel", name="Se mudó")


@pytest.fixture
def outing(db: None, now: datetime) -> Cause:
    return actions.create_cause(actor=TEST, now=now, use="suspend", name="Obra en su casa")


def end(client: Client, service: Service, **data: Any) -> Any:
    return client.post(f"/services/{service.pk}/cancel/", {"last_day": "2026-07-10", **data})


def told(client: Client, service: Service, act: str, **data: Any) -> int:
    address = f"/api/v1/services/{service.pk}/{act}/"
    return client.post(address, data, content_type="application/json").status_code


def test_the_list_is_written_ordered_and_archived_on_its_page(client_as: ClientAs) -> None:
    owner = client_as("owner")
    assert "Begin with the usual" in (page := owner.get(PAGE).content.decode()) or "usuales" in page
    owner.post(f"{PAGE}cancel/usual/")
    first, second, *_rest = Cause.objects.filter(use="cancel")
    owner.post(f"{PAGE}{first.pk}/down/")
    assert list(Cause.objects.filter(use="cancel"))[:2] == [second, first]
    owner.post(f"{PAGE}{first.pk}/use/0/")
    first.refresh_from_db()
    assert first.archived_at is not None
    many = Cause.objects.count()
    owner.post(f"{PAGE}cancel/usual/")
    assert Cause.objects.count() == many
    owner.post(f"{PAGE}{first.pk}/use/1/")
    owner.post(f"{PAGE}{first.pk}/", {"name": "Otra cosa"})
    assert "Otra cosa" in owner.get(PAGE).content.decode()
    assert JournalEntry.objects.filter(verb="cause.archive").exists()


def test_the_same_name_is_refused_beside_its_field(client_as: ClientAs, cause: Cause) -> None:
    answer = client_as("owner").post(f"{PAGE}cancel/new/", {"name": "se MUDO."})
    assert list(answer.context["form"].errors) == ["name"]
    client_as("owner").post(f"{PAGE}suspend/new/", {"name": "Se mudó"})
    assert Cause.objects.count() == 2


def test_only_who_configures_customers_keeps_the_list(client_as: ClientAs, cause: Cause) -> None:
    cashier = client_as("cashier")
    assert cashier.get(PAGE).status_code == 403
    for address in (f"{PAGE}cancel/new/", f"{PAGE}rules/", f"{PAGE}{cause.pk}/split/",
                    f"{PAGE}cancel/merge/", f"{PAGE}{cause.pk}/up/"):  # fmt: skip
        assert cashier.post(address).status_code == 403


def test_a_cancellation_chooses_a_reason_and_may_add_to_it(
    client_as: ClientAs, people: list[Customer], cause: Cause
) -> None:
    owner = client_as("owner")
    services = [customer.services.get() for customer in people]
    answer = end(owner, services[0])
    assert list(answer.context["form"].errors) == ["cause"]
    assert list(end(owner, services[0], cause="other").context["form"].errors) == ["reason"]
    for service, data in zip(
        services,
        ({"cause": cause.pk}, {"cause": cause.pk, "reason": "a Puebla"},
         {"cause": "other", "reason": "Murió"}, {"reason": "SE MUDÓ."}), strict=True,
    ):  # fmt: skip
        assert end(owner, service, **data).status_code == 302
    words = words_of()["cancel"]
    said = Service.objects.order_by("pk").values_list("cancel_reason", flat=True)
    told = [words.meaning(text).label for text in said]
    assert told == ["Se mudó", "Se mudó", "Murió", "Se mudó"]


def test_a_reason_may_be_left_out_where_the_operator_says_so(
    client_as: ClientAs, people: list[Customer], cause: Cause, now: datetime
) -> None:
    owner = client_as("owner")
    owner.post(f"{PAGE}rules/", {"suspend_required": "on"})
    assert end(owner, people[0].services.get()).status_code == 302
    [service] = people[1].services.all()
    address = f"/services/{service.pk}/suspend/"
    assert "note" in owner.post(address, {"reason": "manual"}).context["form"].errors
    assert told(owner, service, "suspend", reason="manual") == 400
    assert told(owner, service, "suspend", reason="hold") == 200
    assert told(owner, service, "cancel", last_day="2026-07-05") == 200
    actions.set_cause_rules(actor=TEST, now=now, cancel_required=True, suspend_required=False)
    assert told(owner, people[2].services.get(), "cancel", last_day="2026-07-05") == 400


def test_a_suspension_by_hand_says_which_reason(
    client_as: ClientAs, people: list[Customer], outing: Cause, owner: User
) -> None:
    client = client_as("owner")
    chosen = f"manual:{outing.pk}"
    sent = [
        {"reason": chosen}, {"reason": chosen, "note": "un mes"},
        {"reason": "manual", "note": "Otra"}, {"reason": "abuse"},
    ]  # fmt: skip
    for customer, data in zip(people, sent, strict=True):
        client.post(f"/services/{customer.services.get().pk}/suspend/", data)
    rows = Suspension.objects.order_by("pk").values_list("reason", "note")
    assert list(rows) == [
        ("manual", "Obra en su casa"), ("manual", "Obra en su casa: un mes"), ("manual", "Otra"),
        ("abuse", ""),
    ]  # fmt: skip
    assert used(owner, "suspend").by_cause == {outing.pk: 2}
    assert used(owner, "suspend").texts == [("otra", "Otra", 1)]


def test_bulk_acts_ask_for_the_same_reasons(
    client_as: ClientAs, people: list[Customer], cause: Cause, outing: Cause
) -> None:
    client = client_as("owner")
    data = {"pick": ids(people[:2]), "confirmed": 1, "seen": 2, "typed": "2"}
    answer = post(client, "cancel", last_day="", address="free", **data)
    assert "cause" in answer.context["form"].errors
    answer = post(client, "cancel", last_day="", address="free", cause=cause.pk, **data)
    assert answer.status_code == 302
    assert set(
        Service.objects.filter(state="cancelled").values_list("cancel_reason", flat=True)
    ) == {"Se mudó"}
    chosen = {"pick": ids(people[2:]), "confirmed": 1, "seen": 2}
    post(client, "suspend", reason=f"manual:{outing.pk}", **chosen)
    assert set(Suspension.objects.values_list("reason", "note")) == {("manual", "Obra en su casa")}


def test_texts_are_merged_and_let_go_again(
    people: list[Customer], owner: User, cause: Cause, now: datetime, client_as: ClientAs
) -> None:
    for customer, text in zip(people, ("se fue", "Se fue.", "Precio", "se mudó"), strict=True):
        actions.cancel(actor=TEST, now=now, service=customer.services.get(),
                       last_day=now.date(), reason=text)  # fmt: skip
    assert [(label, n) for _plain, label, n in used(owner, "cancel").texts] == [
        ("Se fue", 2), ("Precio", 1),
    ]  # fmt: skip
    client = client_as("owner")
    client.post(f"{PAGE}cancel/merge/", {"texts": ["se fue"], "cause": cause.pk})
    assert used(owner, "cancel").by_cause == {cause.pk: 3}
    other = actions.create_cause(actor=TEST, now=now, use="cancel", name="Precio")
    with pytest.raises(ValidationError):
        actions.merge_texts(actor=TEST, now=now, cause=other, texts=["SE FUE"])
    client.post(f"{PAGE}{cause.pk}/split/", {"text": "se fue"})
    client.post(f"{PAGE}{cause.pk}/split/", {"text": "se mudo"})
    assert used(owner, "cancel").by_cause == {cause.pk: 1, other.pk: 1}
    assert Service.objects.filter(cancel_reason="se fue").exists()


def test_who_is_limited_sees_the_texts_of_his_own_customers(
    both: list[Customer], beto: User, owner: User, now: datetime
) -> None:
    for customer in both:
        actions.cancel(actor=TEST, now=now, service=customer.services.get(),
                       last_day=now.date(), reason=f"De {customer.name}")  # fmt: skip
    assert len(used(owner, "cancel").texts) == 2
    assert [label for _plain, label, _n in used(beto, "cancel").texts] == ["De cliente 1"]


def test_the_page_asks_a_fixed_number_of_queries(
    client_as: ClientAs, cause: Cause, now: datetime
) -> None:
    client = client_as("owner")

    def asked() -> int:
        return queries_of(lambda: client.get(PAGE))

    asked()
    few = asked()
    for n in range(9):
        actions.create_cause(actor=TEST, now=now, use="cancel", name=f"Motivo {n}")
    assert asked() == few


def test_programs_keep_the_list_as_people_do(
    client_as: ClientAs, people: list[Customer], now: datetime
) -> None:
    client = client_as("owner")
    json: dict[str, Any] = {"content_type": "application/json"}
    made = client.post(API, {"use": "cancel", "name": "Precio"}, **json)
    assert made.status_code == 201
    pk = made.json()["id"]
    assert client.post(API, {"use": "cancel", "name": "PRECIO"}, **json).status_code == 400
    assert client.post(API, {"use": "x", "name": "Otro"}, **json).status_code == 400
    actions.cancel(actor=TEST, now=now, service=people[0].services.get(), last_day=now.date(),
                   reason="caro")  # fmt: skip
    assert client.get(f"{API}texts/?use=cancel").json() == [{"text": "Caro", "services": 1}]
    merged = client.post(f"{API}{pk}/merge/", {"texts": ["Caro"]}, **json)
    assert merged.json()["words"] == ["caro", "precio"]
    assert client.post(f"{API}{pk}/split/", {"texts": ["caro"]}, **json).json()["words"] == [
        "precio"
    ]
    sent = {"name": "Precio alto", "is_archived": True, "steps": 1}
    changed = client.patch(f"{API}{pk}/", sent, **json).json()
    assert (changed["name"], changed["is_archived"]) == ("Precio alto", True)
    assert [row["id"] for row in client.get(f"{API}?use=cancel").json()["results"]] == [pk]
    assert client.get(f"{API}?use=suspend").json()["results"] == []
    rules = {"cancel_required": False, "suspend_required": True}
    assert client.put(f"{API}rules/", rules, **json).json() == rules
    assert client.get(f"{API}rules/").json() == rules
    cashier = client_as("cashier")
    assert cashier.get(API).status_code == 200
    assert cashier.post(API, {"use": "cancel", "name": "x"}, **json).status_code == 403
    assert cashier.get(f"{API}texts/").status_code == 403
    assert cashier.put(f"{API}rules/", rules, **json).status_code == 403
