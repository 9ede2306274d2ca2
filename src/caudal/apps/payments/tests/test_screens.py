"""What staff see and do about money in a browser."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.billing.models import Adjustment, Invoice
from caudal.apps.billing.tests.world import at, d, verify
from caudal.apps.clock import now as clock_now
from caudal.apps.payments.models import CashBox, Payment
from caudal.apps.payments.tests.till import Till
from caudal.apps.staff.models import Role, User
from caudal.apps.staff.verbs import Verb

ClientAs = Callable[..., Client]


@pytest.fixture(autouse=True)
def noon_of_6_july(monkeypatch: pytest.MonkeyPatch) -> None:
    """The views ask the clock; here it stands still."""
    monkeypatch.setattr(clock_now, "machine_time", lambda: at(d(7, 6)))


def served(client: Client, name: str, *args: object, **query: object) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_every_page_opens_for_the_owner(till: Till, client_as: ClientAs) -> None:
    customer = till.customer(name="José Peña")
    till.run(d(6, 28))
    (invoice,) = till.invoices(customer)
    till.run(d(7, 5))
    payment = till.pay(customer, "100.00", d(7, 6))
    owner = client_as("owner")
    for name, args in (
        ("billing:invoices", ()),
        ("billing:invoice", (invoice.pk,)),
        ("billing:customer-invoices", (customer.pk,)),
        ("billing:statement", (customer.pk,)),
        ("payments:payments", ()),
        ("payments:payment", (payment.pk,)),
        ("payments:register", (customer.pk,)),
        ("payments:customer-payments", (customer.pk,)),
    ):
        assert "$" in served(owner, name, *args), name
    for name, args in (
        ("billing:void", (invoice.pk,)),
        ("billing:issue", (customer.pk,)),
        ("billing:adjust", (customer.pk,)),
        ("dunning:cuts", ()),
        ("payments:delete", (payment.pk,)),
        ("payments:edit", (payment.pk,)),
        ("payments:boxes", ()),
        ("payments:create_box", ()),
        ("payments:edit_box", (till.box.pk,)),
    ):
        served(owner, name, *args)
    for name, args in (
        ("billing:pdf", (invoice.pk,)),
        ("payments:receipt", (payment.pk, "ticket")),
    ):
        response = owner.get(reverse(name, args=args))
        assert response.content.startswith(b"%PDF")
    export = owner.get(reverse("billing:export", args=["csv"]))
    assert "José Peña" in b"".join(export.streaming_content).decode()
    assert owner.get(reverse("payments:export", args=["xlsx"])).status_code == 200


def test_a_cashier_takes_money_but_undoes_nothing(till: Till, client_as: ClientAs) -> None:
    customer = till.customer()
    till.run(d(6, 28))
    (invoice,) = till.invoices(customer)
    cashier = client_as("cashier")
    served(cashier, "payments:register", customer.pk)
    for name, key in (("billing:void", invoice.pk), ("billing:issue", customer.pk)):
        assert cashier.get(reverse(name, args=[key])).status_code == 403
    assert Client().get(reverse("billing:invoices")).status_code == 302


def test_a_collector_sees_the_money_of_his_customers_alone(
    till: Till, client_as: ClientAs, user_with_role: Callable[..., User]
) -> None:
    collector = user_with_role("collector")
    collector.role.only_own_customers = True
    collector.role.save()
    mine, other = till.customer(collector=collector), till.customer()
    till.run(d(6, 28))
    browser = client_as("collector")
    page = served(browser, "billing:invoices")
    assert mine.name in page
    assert other.name not in page
    (foreign,) = till.invoices(other)
    assert browser.get(reverse("billing:invoice", args=[foreign.pk])).status_code == 404
    assert browser.get(reverse("payments:register", args=[other.pk])).status_code == 404
    assert browser.get(reverse("billing:statement", args=[other.pk])).status_code == 404


def payment_form(till: Till, **values: object) -> dict[str, object]:
    return {
        "key": "k1",
        "amount": "300.00",
        "method": "cash",
        "cash_box": till.box.pk,
        "paid_on": "2026-07-06",
        "restore": "yes",
        **values,
    }


def test_a_payment_sent_twice_by_a_double_click_is_one(till: Till, client_as: ClientAs) -> None:
    customer = till.customer()
    till.run(d(6, 28))
    till.run(d(7, 5))
    owner = client_as("owner")
    address = reverse("payments:register", args=[customer.pk])
    for _ in range(2):
        response = owner.post(address, payment_form(till))
        assert response.status_code == 302
    payment = Payment.objects.get()
    assert response["Location"] == reverse("payments:payment", args=[payment.pk]) + "?new=1"
    assert till.state(customer) == "active"
    assert till.balance(customer) == 0


def test_a_payment_at_the_counter_restores_the_customer(till: Till, client_as: ClientAs) -> None:
    customer = till.customer()
    till.run(d(6, 28))
    till.run(d(7, 5))
    address = reverse("payments:register", args=[customer.pk])
    client_as("cashier").post(address, payment_form(till, restore="yes"))
    assert (till.state(customer), till.balance(customer)) == ("active", 0)


def test_who_may_not_restore_only_records_and_is_not_asked(till: Till, client_as: ClientAs) -> None:
    role = Role.objects.get(code="cashier")
    role.verbs = [verb for verb in role.verbs if verb != Verb.RESTORE_ON_PAYMENT]
    role.save()
    customer = till.customer()
    till.run(d(6, 28))
    till.run(d(7, 5))
    cashier = client_as("cashier")
    assert 'name="restore"' not in served(cashier, "payments:register", customer.pk)
    cashier.post(
        reverse("payments:register", args=[customer.pk]), payment_form(till, restore="yes")
    )
    assert (till.state(customer), till.balance(customer)) == ("suspended", 0)


def test_the_choice_to_only_register_is_kept(till: Till, client_as: ClientAs) -> None:
    customer = till.customer()
    till.run(d(6, 28))
    till.run(d(7, 5))
    address = reverse("payments:register", args=[customer.pk])
    client_as("owner").post(address, payment_form(till, restore="no"))
    assert till.state(customer) == "suspended"
    assert till.balance(customer) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "-5"},
        {"amount": "0"},
        {"amount": "1.005"},
        {"amount": "abc"},
        {"amount": "9" * 20},
        {"paid_on": "2026-07-07"},
        {"paid_on": "2026-02-31"},
        {"cash_box": 999},
        {"invoice": 999},
    ],
)
def test_bad_input_is_refused_beside_the_field_and_takes_no_money(
    till: Till, client_as: ClientAs, wrong: dict[str, object]
) -> None:
    customer = till.customer()
    till.run(d(6, 28))
    address = reverse("payments:register", args=[customer.pk])
    response = client_as("owner").post(address, payment_form(till, **wrong))
    assert response.status_code == 200
    assert response.context["form"].errors.keys() == wrong.keys()
    assert not Payment.objects.exists()


def test_the_preview_follows_the_amount(till: Till, client_as: ClientAs) -> None:
    customer = till.customer()
    till.run(d(6, 28))
    owner = client_as("owner")
    address = reverse("payments:preview", args=[customer.pk])
    assert "$200.00" in owner.post(address, payment_form(till, amount="100")).content.decode()
    assert "$50.00" in owner.post(address, payment_form(till, amount="350")).content.decode()


def test_an_invoice_is_issued_by_hand_with_a_preview(till: Till, client_as: ClientAs) -> None:
    customer = till.customer(started=d(7, 10))
    service = customer.services.get()
    form = {
        "kind": "service",
        "service": service.pk,
        "first": "2026-07-10",
        "last": "2026-07-31",
        "emission": "2026-07-06",
        "line-TOTAL_FORMS": "1",
        "line-INITIAL_FORMS": "0",
        "line-0-text": "Router",
        "line-0-price": "450.00",
    }
    owner = client_as("owner")
    preview = owner.post(reverse("billing:issue_preview", args=[customer.pk]), form)
    assert "$662.90" in preview.content.decode()  # 22 of 31 days of 300.00, and the router
    response = owner.post(reverse("billing:issue", args=[customer.pk]), form)
    invoice = Invoice.objects.get()
    assert response["Location"] == reverse("billing:invoice", args=[invoice.pk])
    assert (invoice.total, invoice.due) == (Decimal("662.90"), d(7, 10))
    again = owner.post(reverse("billing:issue", args=[customer.pk]), form)
    assert invoice.label in str(again.context["form"].errors)
    assert Invoice.objects.count() == 1


def test_an_invoice_is_voided_and_a_payment_deleted_with_a_reason(
    till: Till, client_as: ClientAs
) -> None:
    customer = till.customer()
    till.run(d(6, 28))
    (invoice,) = till.invoices(customer)
    payment = till.pay(customer, "300.00", d(7, 2))
    owner = client_as("owner")
    owner.post(reverse("payments:delete", args=[payment.pk]), {"reason": "wrong customer"})
    owner.post(reverse("billing:void", args=[invoice.pk]), {"reason": "never installed"})
    invoice.refresh_from_db()
    payment.refresh_from_db()
    assert (invoice.state, invoice.void_reason) == ("void", "never installed")
    assert payment.delete_reason == "wrong customer"
    assert till.balance(customer) == 0
    verify()


def test_a_note_moves_the_balance_and_waits_for_the_next_invoice(
    till: Till, client_as: ClientAs
) -> None:
    customer = till.customer()
    owner = client_as("owner")
    note = {"kind": "credit", "amount": "120.00", "on": "2026-07-06", "reason": "outage"}
    owner.post(reverse("billing:adjust", args=[customer.pk]), note)
    assert str(Adjustment.objects.get()) == "CX-1"
    assert till.balance(customer) == Decimal("-120.00")


def test_the_cuts_page_says_who_when_and_why(till: Till, client_as: ClientAs) -> None:
    customer = till.customer(name="José Peña")
    till.run(d(6, 28))
    page = served(client_as("owner"), "dunning:cuts", days="7")
    assert "José Peña" in page
    assert till.state(customer) == "active"


def test_a_cash_box_is_made_renamed_and_taken_out_of_use(till: Till, client_as: ClientAs) -> None:
    owner = client_as("owner")
    new = {"company": till.company.pk, "name": "Caja 2", "kind": "cash"}
    owner.post(reverse("payments:create_box"), new)
    again = owner.post(reverse("payments:create_box"), new)
    assert "name" in again.context["form"].errors
    box = CashBox.objects.get(name="Caja 2")
    owner.post(reverse("payments:edit_box", args=[box.pk]), {"name": "Caja chica"})
    box.refresh_from_db()
    assert (box.name, box.is_active, box.account.name) == ("Caja chica", False, "Caja chica")


def test_the_list_asks_as_many_queries_for_many_as_for_few(
    till: Till, client_as: ClientAs, django_assert_max_num_queries: Any
) -> None:
    owner = client_as("owner")

    def queries(name: str) -> int:
        with django_assert_max_num_queries(40) as captured:
            served(owner, name)
        return len(captured)

    def more(count: int) -> None:
        for _ in range(count):
            customer = till.customer()
            till.create(d(6, 28))
            till.pay(customer, "10.00", d(7, 2))

    names = ("billing:invoices", "payments:payments", "dunning:cuts")
    more(2)
    few = [queries(name) for name in names]
    more(20)
    assert [queries(name) for name in names] == few
