"""The API describes itself to whoever may read it."""

from collections.abc import Callable

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_description_names_what_can_be_asked(client_as: Callable[..., Client]) -> None:
    described = client_as("owner").get("/api/openapi.yaml").content.decode()
    assert "/api/v1/invoices/:" in described
    assert "/api/v1/payments/:" in described
    assert "scheme: bearer" in described


def test_the_page_tells_what_to_send_and_what_must_be(client_as: Callable[..., Client]) -> None:
    shown = client_as("owner").get("/api/").content.decode()
    assert "<code>/api/v1/payments/</code>" in shown
    assert "<code>amount</code>" in shown
    assert "cash, transfer, card" in shown


def test_strangers_read_neither(client: Client) -> None:
    assert client.get("/api/openapi.yaml").status_code in (401, 403)
    assert client.get("/api/").headers["Location"].startswith("/staff/login/")
