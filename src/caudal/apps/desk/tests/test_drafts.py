"""Drafts of registration and edit: kept for who typed, offered back, never with a password."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from caudal.apps.customers import actions
from caudal.apps.customers.models import Customer
from caudal.apps.desk.drafts import KEPT_FOR, LONGEST, forget_old_drafts, keep_draft
from caudal.apps.desk.models import Draft
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import User

ClientAs = Callable[..., Client]
NEW, KEEP = "/customers/new/", "/customers/new/draft/"


@pytest.fixture
def seller(client_as: ClientAs) -> Client:
    return client_as("seller")


def test_what_was_typed_is_offered_back_and_comes_back(
    seller: Client, page: dict[str, Any], now: datetime
) -> None:
    actions.create_tag(actor=Actor.system("test"), now=now, name="VIP")
    assert 'id="draft"' not in seller.get(NEW).content.decode()
    typed = {**page, "name": "María a medias", "phones": "55 1234", "notes": "x"}
    typed.pop("may_be_cut")
    assert seller.post(KEEP, typed).status_code == 204
    assert 'id="draft"' in seller.get(NEW).content.decode()
    answer = seller.get(NEW, {"draft": 1})
    form = answer.context["form"]
    assert form["name"].value() == "María a medias"
    assert str(form["zone"].value()) == str(page["zone"])
    assert (form["may_be_cut"].value(), form["is_invoiced"].value()) == (False, "on")
    assert "María a medias" in answer.content.decode()
    assert 'id="draft"' not in answer.content.decode()


def test_no_password_is_kept_and_nothing_of_the_old_page(
    seller: Client, page: dict[str, Any]
) -> None:
    sent = page | {"antenna_password": "x", "csrfmiddlewaretoken": "t", "accept_duplicates": "on"}
    seller.post(KEEP, sent)
    kept = Draft.objects.get().data
    assert "clave" not in str(kept)
    assert not {"password", "antenna_password", "form_key", "csrfmiddlewaretoken",
                "accept_duplicates"} & set(kept)  # fmt: skip
    assert kept["address"] == page["address"]


def test_a_draft_is_of_one_person_alone(
    seller: Client, client_as: ClientAs, page: dict[str, Any]
) -> None:
    seller.post(KEEP, page)
    owner = client_as("owner")
    assert 'id="draft"' not in owner.get(NEW).content.decode()
    assert owner.get(NEW, {"draft": 1}).context["form"]["name"].value() is None
    owner.post(KEEP, page | {"name": "Otra"})
    assert Draft.objects.count() == 2
    assert seller.get(NEW, {"draft": 1}).context["form"]["name"].value() == page["name"]


def test_the_newest_takes_the_place_of_the_older(seller: Client, page: dict[str, Any]) -> None:
    seller.post(KEEP, page)
    seller.post(KEEP, page | {"name": "Segunda"})
    assert Draft.objects.get().data["name"] == "Segunda"


def test_saving_or_discarding_forgets_it(seller: Client, page: dict[str, Any]) -> None:
    seller.post(KEEP, page)
    assert seller.post(KEEP, {"discard": 1})["Location"] == NEW
    assert not Draft.objects.exists()
    seller.post(KEEP, page)
    seller.post(NEW, page | {"name": ""})
    assert Draft.objects.exists()
    assert seller.post(NEW, page).status_code == 302
    assert not Draft.objects.exists()


def test_the_draft_of_an_edit_is_of_that_customer(
    client_as: ClientAs, people: list[Customer]
) -> None:
    owner, first, second = client_as("owner"), people[0], people[1]
    at = f"/customers/{first.pk}/edit/"
    form = owner.get(at).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, False, [])}
    sent |= {"phones": "55 1234 5678", "emails": "c0@x.example", "city": "Oaxaca"}
    sent.pop("mail_invoices")
    assert owner.post(f"{at}draft/", sent).status_code == 204
    assert 'id="draft"' in owner.get(at).content.decode()
    assert 'id="draft"' not in owner.get(f"/customers/{second.pk}/edit/").content.decode()
    back = owner.get(at, {"draft": 1}).context["form"]
    assert (back["city"].value(), back["mail_invoices"].value()) == ("Oaxaca", False)
    assert owner.post(at, sent).status_code == 302
    assert not Draft.objects.exists()
    first.refresh_from_db()
    assert first.city == "Oaxaca"


def test_who_may_not_save_the_form_keeps_no_draft_of_it(
    client_as: ClientAs, customer: Customer, page: dict[str, Any]
) -> None:
    cashier = client_as("cashier")
    assert cashier.post(KEEP, page).status_code == 403
    assert cashier.post(f"/customers/{customer.pk}/edit/draft/", page).status_code == 403


def test_old_drafts_are_forgotten_and_huge_ones_never_kept(
    user_with_role: Callable[..., User], now: datetime
) -> None:
    user = user_with_role("owner")

    def keep(at: datetime, text: str) -> Any:
        return keep_draft(
            user=user, now=at, form=Draft.Form.REGISTRATION, typed=QueryDict(f"notes={text}")
        )

    assert keep(now, "x" * (LONGEST + 1)) is None
    assert keep(now, "x") is not None
    assert forget_old_drafts(now + KEPT_FOR - timedelta(minutes=1)) == 0
    assert forget_old_drafts(now + KEPT_FOR) == 1
