"""Two requests at the same moment: the database lets one of them through."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from caudal.apps.customers.models import Customer
from caudal.apps.desk.views import registration
from caudal.apps.network.models import Connection

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "/customers/new/"


@pytest.fixture
def send_at_once(
    client_as: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[Any]]:
    """A function: posts the pages from as many browsers, all past their checks before any saves."""

    def send(*pages: dict[str, Any]) -> list[Any]:
        meet = Barrier(len(pages), timeout=120)
        save = registration.register

        def wait_and_save(**kwargs: Any) -> Customer:
            meet.wait()
            return save(**kwargs)

        def post(client: Client, page: dict[str, Any]) -> Any:
            try:
                return client.post(NEW, page)
            finally:
                connection.close()

        monkeypatch.setattr(registration, "register", wait_and_save)
        clients = [client_as("owner") for _page in pages]
        with ThreadPoolExecutor(len(pages)) as pool:
            return list(pool.map(post, clients, pages))

    return send


def test_one_page_sent_twice_at_the_same_moment_is_one_customer(
    send_at_once: Callable[..., list[Any]], page: dict[str, Any]
) -> None:
    answers = send_at_once(page, page)
    customer = Customer.objects.get()
    assert {answer["Location"] for answer in answers} == {
        f"/customers/?sort=-registered&new={customer.pk}"
    }


def test_an_address_chosen_twice_at_the_same_moment_goes_to_one(
    send_at_once: Callable[..., list[Any]], page: dict[str, Any]
) -> None:
    other = page | {
        "form_key": str(uuid4()),
        "name": "Ana López",
        "phones": "55 1234 9999",
        "address": "Otra 7",
        "username": "ana.lopez",
    }
    answers = send_at_once(page, other)
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    refused = next(answer for answer in answers if answer.status_code == 200)
    assert "ip_address" in refused.context["form"].errors
    assert Customer.objects.count() == Connection.objects.count() == 1
