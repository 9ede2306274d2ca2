"""Writing to one customer, sending again what he was sent, and who may see it."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client

from caudal.apps.billing.actions import ManualLine, Order, issue_invoice
from caudal.apps.billing.models import Invoice
from caudal.apps.customers.models import Contact, Customer, Service
from caudal.apps.messaging.models import Delivery, Template
from caudal.apps.staff.actor import Actor
from caudal.apps.staff.models import JournalEntry

MAIL = "jose@correo.example"


@pytest.fixture
def client(client_as: Callable[..., Client]) -> Client:
    return client_as("owner")


@pytest.fixture
def jose(customer: Customer, service: Service) -> Customer:
    for value in (MAIL, "otra@correo.example"):
        Contact.objects.create(customer=customer, kind="email", value=value)
    return customer


@pytest.fixture
def invoice(jose: Customer, now: datetime) -> Invoice:
    made = issue_invoice(
        actor=Actor.system("test"), now=now, customer=jose,
        order=Order(lines=[ManualLine("Mensualidad", Decimal(250))]),
    )  # fmt: skip
    Delivery.objects.all().delete()
    return made


def letter(**more: object) -> dict[str, object]:
    words = {"subject": "Hola {{ customer.name }}", "body": "Debe {{ balance }}."}
    return {"key": str(uuid4()), "to": MAIL, **words, **more}


def test_a_letter_goes_out_once_filled_with_what_he_has(client: Client, invoice: Invoice) -> None:
    where = f"/customers/{invoice.customer_id}/write/"
    sent = letter(invoice=invoice.pk, attach="on")
    for _again in range(2):
        assert client.post(where, sent).status_code == 302
    row = Delivery.objects.get()
    assert (row.to, row.subject) == (MAIL, "Hola José Peña Núñez")
    assert "250.00" in row.body
    assert row.attachment == f"invoice:{invoice.pk}"
    entry = JournalEntry.objects.get(verb="messages.write")
    assert (entry.customer_id, entry.note) == (invoice.customer_id, MAIL)


def test_a_template_fills_the_letter_and_the_preview_shows_it_filled(
    client: Client, invoice: Invoice
) -> None:
    where = f"/customers/{invoice.customer_id}/write/"
    reminder = Template.objects.get(occasion="payment_reminder", language="es")
    chosen = letter(template=reminder.pk, invoice=invoice.pk, subject="", body="")
    page = client.post(where, {**chosen, "refresh": "1"})
    form = page.context["form"]
    assert form["body"].value() == reminder.body
    shown = client.post(
        where, {**chosen, "subject": reminder.subject, "body": reminder.body, "preview": "1"}
    ).content.decode()
    assert invoice.label in shown
    assert "{{" not in shown
    assert not Delivery.objects.exists()


def test_what_cannot_be_read_or_is_not_his_is_refused_beside_the_field(
    client: Client, jose: Customer
) -> None:
    where = f"/customers/{jose.pk}/write/"
    for wrong, field in (
        ({"body": "{{ customer.name"}, "body"),
        ({"to": "ajeno@correo.example"}, "to"),
        ({"subject": ""}, "subject"),
    ):
        answer = client.post(where, letter(**wrong))
        assert field in answer.context["form"].errors, wrong
    assert not Delivery.objects.exists()


def test_who_has_no_address_is_told_so_instead_of_a_form(
    client: Client, customer: Customer
) -> None:
    page = client.get(f"/customers/{customer.pk}/write/").content.decode()
    assert "<textarea" not in page
    assert f"/customers/{customer.pk}/edit/" in page


def test_a_message_is_sent_again_from_the_panel(client: Client, jose: Customer) -> None:
    client.post(f"/customers/{jose.pk}/write/", letter())
    Delivery.objects.update(status="failed", error="address-refused: 550")
    first = Delivery.objects.get()
    panel = client.post(f"/messages/{first.pk}/resend/", headers={"HX-Request": "true"})
    assert panel.status_code == 200
    assert panel.content.decode().count(first.subject) >= 2
    assert Delivery.objects.filter(status="waiting").count() == 1


def test_the_api_writes_lists_resends_and_withdraws(client: Client, invoice: Invoice) -> None:
    who = invoice.customer_id
    made = client.post(
        f"/api/v1/customers/{who}/letters/", letter(invoice=invoice.pk), "application/json"
    )
    assert made.status_code == 201, made.content
    number = made.json()["id"]
    assert client.post(f"/api/v1/messages/{number}/withdraw/").json()["status"] == "cancelled"
    assert client.post(f"/api/v1/messages/{number}/withdraw/").status_code == 400
    again = client.post(f"/api/v1/messages/{number}/resend/")
    assert again.status_code == 201
    rows = client.get(f"/api/v1/messages/?customer={who}").json()["results"]
    assert [row["status"] for row in rows] == ["waiting", "cancelled"]
    for wrong in ({"to": "ajeno@correo.example"}, {"invoice": 10**9}, {"body": "{% x %}"}):
        answer = client.post(
            f"/api/v1/customers/{who}/letters/", letter(**wrong), "application/json"
        )
        assert answer.status_code == 400, wrong


def test_a_collector_sees_messages_to_his_own_customers_alone(
    client: Client, jose: Customer, client_as: Callable[..., Client],
    user_with_role: Callable[..., object]
) -> None:  # fmt: skip
    client.post(f"/customers/{jose.pk}/write/", letter())
    row = Delivery.objects.get()
    collector = client_as("collector")
    role = user_with_role("collector").role  # type: ignore[attr-defined]
    role.verbs = [*role.verbs, "messages.see", "messages.send"]
    role.save()
    for address in (f"/messages/{row.pk}/", f"/api/v1/messages/{row.pk}/"):
        assert collector.get(address).status_code == 404
    assert collector.get(f"/customers/{jose.pk}/write/").status_code == 404
    Customer.objects.update(collector=user_with_role("collector"))
    assert collector.get(f"/messages/{row.pk}/").status_code == 200
