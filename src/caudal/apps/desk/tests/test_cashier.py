"""A cashier sees what the desk needs, and nothing that he could not use."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from django.test import Client

from caudal.apps.customers.models import Customer
from caudal.apps.desk.tests.many import TEST
from caudal.apps.payments import actions as payments
from caudal.apps.staff.models import User

ClientAs = Callable[..., Client]


def test_who_can_do_nothing_with_many_is_offered_no_choice_of_them(
    client_as: ClientAs, people: list[Customer]
) -> None:
    shown = client_as("cashier").get("/customers/").content.decode()
    for offered in ("data-bulk", "/customers/codes/", "/bulk/latest/", "/customers/export"):
        assert offered not in shown
    assert "no-pick" in shown and "/customers/count/" in shown and "Cliente 3" in shown
    whole = client_as("owner").get("/customers/").content.decode()
    assert "data-bulk-page" in whole and "no-pick" not in whole


def test_who_may_not_see_income_does_not_add_it_up(
    client_as: ClientAs, people: list[Customer], now: datetime, owner: User
) -> None:
    box = payments.create_cash_box(
        actor=TEST, now=now, company=people[0].company, name="Caja", kind="cash"
    )
    for customer in people[:2]:
        payments.register_payment(
            actor=TEST, now=now, customer=customer, amount=Decimal("111.50"), currency="MXN",
            method="cash", cash_box=box, paid_at=now, invoice=None, restore=False, operator=owner,
        )  # fmt: skip
    assert "223.00" in client_as("owner").get("/payments/").content.decode()
    shown = client_as("cashier").get("/payments/").content.decode()
    assert "223.00" not in shown and shown.count("111.50") == 2


def test_the_menu_of_the_desk_holds_no_door_to_programs(client_as: ClientAs, db: None) -> None:
    assert 'href="/api/"' not in client_as("cashier").get("/payments/desk/").content.decode()
    assert 'href="/api/"' in client_as("owner").get("/payments/desk/").content.decode()
