"""WH-112: who takes the money of a recharge customer sees where his dates will go."""

from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from caudal.apps.billing.tests.world import calendar_numbers
from caudal.apps.customers.models import OwnCalendar
from caudal.apps.payments.tests.till import Till

pytestmark = pytest.mark.django_db
NEW = ("18", "20", "24", "30")


def typed(till: Till, **more: str) -> dict[str, str]:
    return {
        "key": "k1", "amount": "300.00", "method": "cash", "cash_box": str(till.box.pk),
        "paid_on": "2026-04-24", "restore": "yes",
    } | more  # fmt: skip


def test_the_new_dates_are_shown_before_the_payment_is_saved(
    till: Till, client_as: Callable[..., Client]
) -> None:
    own = calendar_numbers(19, 22, 29, 20) | {"recharge": True}
    customer, other = till.customer(own=own), till.customer()
    cashier = client_as("cashier")
    preview = reverse("payments:preview", args=[customer.pk])
    shown = cashier.post(preview, typed(till)).content.decode()
    assert all(f" {day}" in shown for day in NEW)
    assert "alert-info" in cashier.get(
        reverse("payments:desk-customer", args=[customer.pk])
    ).content.decode()  # fmt: skip
    plain = reverse("payments:preview", args=[other.pk])
    assert "alert-info" not in cashier.post(plain, typed(till)).content.decode()
    assert OwnCalendar.objects.get(customer=customer).payment_day == 22  # looking moves nothing


def test_it_is_told_that_the_dates_were_moved(till: Till, client_as: Callable[..., Client]) -> None:
    own = calendar_numbers(19, 22, 29, 20) | {"recharge": True}
    customer, other = till.customer(own=own), till.customer()
    cashier = client_as("cashier")
    answers = [
        cashier.post(reverse("payments:register", args=[each.pk]), typed(till, key=key))
        for each, key in ((customer, "k1"), (other, "k2"))
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    # Nobody has read the first two when the third comes.
    assert [len(list(get_messages(answer.wsgi_request))) for answer in answers] == [2, 3]
    assert OwnCalendar.objects.get(customer=customer).payment_day == 24
