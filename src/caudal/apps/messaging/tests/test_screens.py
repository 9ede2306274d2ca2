"""The screens of messages and templates."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.messaging.models import Delivery, Template

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 28, 12, tzinfo=UTC)


@pytest.fixture
def owner(client_as: Callable[[str], Client]) -> Client:
    return client_as("owner")


def leave(number: int, **fields: object) -> Delivery:
    values = {
        "to": f"c{number}@correo.example", "subject": f"Factura A{number}", "body": "Hola\n",
        "occasion": "invoice_issued", "created_at": NOW, "next_try_at": NOW, "customer_id": 7,
    }  # fmt: skip
    return Delivery.objects.create(key=f"k{number}", **(values | fields))


def template() -> Template:
    return Template.objects.get(occasion="invoice_issued", language="es")


def test_the_list_is_filtered_by_state_occasion_and_words(owner: Client) -> None:
    leave(1, status="failed", error="address-refused: 550 5.1.1 No such user")
    leave(2, occasion="welcome")
    page = reverse("messaging:messages")
    assert "A1" in owner.get(page).content.decode()
    for query, there, gone in (
        ("status=failed", "A1", "A2"),
        ("occasion=welcome", "A2", "A1"),
        ("search=c2@", "A2", "A1"),
    ):
        shown = owner.get(f"{page}?{query}").content.decode()
        assert f"Factura {there}" in shown and f"Factura {gone}" not in shown


def test_why_it_failed_is_said_in_words_and_in_the_servers_own(owner: Client) -> None:
    row = leave(1, status="failed", error="address-refused: 550 5.1.1 No such user")
    shown = owner.get(reverse("messaging:message", args=[row.pk])).content.decode()
    assert "550 5.1.1 No such user" in shown
    assert "address-refused" not in shown


def test_a_message_is_sent_again_from_its_page(owner: Client) -> None:
    row = leave(1, status="sent")
    owner.post(reverse("messaging:resend", args=[row.pk]))
    assert Delivery.objects.filter(status="waiting", to=row.to).count() == 1


def test_a_waiting_message_is_taken_back(owner: Client) -> None:
    row = leave(1)
    owner.post(reverse("messaging:withdraw", args=[row.pk]))
    row.refresh_from_db()
    assert row.status == "cancelled"


def test_the_customers_panel_shows_only_his(owner: Client) -> None:
    leave(1)
    leave(2, customer_id=8)
    shown = owner.get(reverse("messaging:of-customer", args=[7])).content.decode()
    assert "Factura A1" in shown and "Factura A2" not in shown


def test_a_text_that_does_not_read_is_refused_beside_its_field(owner: Client) -> None:
    page = reverse("messaging:template", args=[template().pk])
    answer = owner.post(page, {"subject": "Hola", "body": "uno\n{{ x | nope }}"})
    (told,) = answer.context["form"].errors["body"]
    assert "2" in told and "nope" in told
    assert "ya está lista" in template().body


def test_a_text_is_saved(owner: Client) -> None:
    page = reverse("messaging:template", args=[template().pk])
    owner.post(page, {"subject": "Su factura", "body": "Hola {{ customer.name }}"})
    row = template()
    assert (row.subject, row.is_active) == ("Su factura", False)


def test_the_preview_fills_in_an_example(owner: Client) -> None:
    page = reverse("messaging:preview", args=[template().pk])
    said = {
        "subject": "F {{ invoice.number }}",
        "body": "Hola {{ customer.name }}, <b>{{ invoice.total }}",
    }
    shown = owner.post(page, said).content.decode()
    assert "F A102" in shown and "María Peña Núñez" in shown and "$250.00" in shown
    assert "<b>" not in shown
    broken = owner.post(page, {"subject": "-", "body": "{% if %}"}).content.decode()
    assert "alert" in broken


@pytest.mark.parametrize(
    ("role", "sees", "edits"),
    [("owner", 200, 200), ("support", 200, 200), ("technician", 200, 403), ("cashier", 403, 403)],
)
def test_who_may_see_and_who_may_edit(
    client_as: Callable[[str], Client], role: str, sees: int, edits: int
) -> None:
    client = client_as(role)
    assert client.get(reverse("messaging:messages")).status_code == sees
    assert client.get(reverse("messaging:templates")).status_code == edits
    if edits == 403:
        row = leave(1, status="sent")
        assert client.post(reverse("messaging:resend", args=[row.pk])).status_code == 403
