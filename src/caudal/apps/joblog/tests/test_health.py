"""The panel says that it is well to whoever asks."""

import pytest
from django.test import Client


@pytest.mark.django_db
def test_health_is_told_without_a_session(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
