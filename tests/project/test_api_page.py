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


def test_the_page_holds_no_script_of_its_own(client_as: Callable[..., Client]) -> None:
    shown = client_as("owner").get("/api/").content.decode()
    assert "swagger-ui" in shown
    assert "<script>" not in shown


def test_strangers_read_neither(client: Client) -> None:
    assert {client.get(path).status_code for path in ("/api/", "/api/openapi.yaml")} <= {401, 403}
