"""The cash desk in a browser: finding the customer, taking his money in any form, closing blind."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from caudal.apps.billing.actions import Sale, add_product
from caudal.apps.billing.tests.world import CLERK, at, d, verify
from caudal.apps.catalog.models import Tax, TaxMode
from caudal.apps.clock import now as clock_now
from caudal.apps.customers.models import Customer
from caudal.apps.customers.search import search_text
from caudal.apps.payments.models import CashBox, CashSession, Cheque, Payment, Refund
from caudal.apps.payments.proposals import proposed_boxes
from caudal.apps.payments.tests.till import Till
from caudal.apps.staff.models import User
from caudal.apps.staff.verbs import Verb

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]
UserWithRole = Callable[..., User]


@pytest.fixture(autouse=True)
def noon_of_6_july(monkeypatch: pytest.MonkeyPatch) -> None:
    """The views ask the clock; here it stands still."""
    monkeypatch.setattr(clock_now, "machine_time", lambda: at(d(7, 6)))


def known(till: Till, **fields: Any) -> Customer:
    """A customer whom the search finds, owing July."""
    row = till.customer(**fields)
    Customer.objects.filter(pk=row.pk).update(
        search_text=search_text(row, [("phone", "55 1234 5678")])
    )
    till.open_invoice(row, "300.00", date(2026, 7, 1))
    return row


def desk_form(*parts: dict[str, object], **values: object) -> dict[str, object]:
    sent: dict[str, object] = {"key": "k1", "restore": "yes", **values}
    for number, part in enumerate(parts):
        sent |= {f"part-{number}-{name}": value for name, value in part.items()}
    for number in range(len(parts), 4):
        sent |= {f"part-{number}-method": "cash", f"part-{number}-amount": ""}
    return sent


def take(client: Client, customer: Customer, sent: dict[str, object]) -> Any:
    return client.post(reverse("payments:desk-customer", args=[customer.pk]), sent)


def test_a_card_a_code_or_a_document_goes_straight_to_its_customer(
    till: Till, client_as: ClientAs
) -> None:
    known(till, name="Ana Peña")
    customer = known(
        till, name="José Peña", rfid_card="0012345678", document_key="rfc123", code="000077"
    )
    cashier = client_as("cashier")
    target = reverse("payments:desk-customer", args=[customer.pk])
    for typed in ("0012345678", " 0012345678 ", "77", "000077", "RFC-123", "jose pe"):
        response = cashier.get(reverse("payments:desk"), {"q": typed})
        assert (response.status_code, response.headers.get("Location")) == (302, target), typed
    page = cashier.get(reverse("payments:desk"), {"q": "pena"})
    assert page.status_code == 200
    assert "José Peña" in page.content.decode()
    rows = cashier.get(reverse("payments:desk-search"), {"q": "1234 5678"}).content.decode()
    assert rows.count("data-found") == 2
    assert "$300.00" in rows
    nobody = cashier.get(reverse("payments:desk-search"), {"q": "zzz"}).content.decode()
    assert "data-found" not in nobody


def test_a_mixed_payment_at_the_desk(till: Till, client_as: ClientAs) -> None:
    customer = known(till)
    (invoice,) = till.invoices(customer)
    cashier = client_as("cashier")
    page = cashier.get(reverse("payments:desk-customer", args=[customer.pk])).content.decode()
    assert 'value="300.00"' in page
    sent = desk_form(
        {"method": "cash", "amount": "100.00", "cash_box": till.box.pk},
        {
            "method": "cheque", "amount": "200.00", "bank": "Norte", "number": "77",
            "deposit_on": "2026-07-20",
        },
        invoices=[invoice.pk],
    )  # fmt: skip
    response = take(cashier, customer, sent)
    payment = Payment.objects.get()
    assert response.headers["Location"] == reverse("payments:desk") + f"?done={payment.pk}"
    done = cashier.get(response.headers["Location"]).content.decode()
    assert reverse("payments:receipt", args=[payment.pk, "ticket"]) in done
    assert "autofocus" in done
    assert [(part.method, part.amount) for part in payment.parts.all()] == [
        ("cash", Decimal("100.00")),
        ("cheque", Decimal("200.00")),
    ]
    assert Cheque.objects.get().bank == "Norte"
    again = take(cashier, customer, sent)
    assert again.headers["Location"] == response.headers["Location"]
    assert Payment.objects.count() == 1
    assert till.balance(customer) == 0
    verify()


def test_the_desk_says_how_the_customer_stands_after_his_payment(
    till: Till, client_as: ClientAs
) -> None:
    customer = known(till)
    cashier = client_as("cashier")
    for paid, said in (("100.00", "$200.00"), ("200.00", "No debe nada"), ("40.00", "$40.00")):
        part = {"method": "cash", "amount": paid, "cash_box": till.box.pk}
        response = take(cashier, customer, desk_form(part, key=paid))
        page = cashier.get(response.headers["Location"]).content.decode()
        _, _, done = page.partition("till-done")
        assert said in done.partition("btn-list")[0], paid
        assert "suspendido" not in done


def test_what_is_wrong_is_said_beside_its_field(till: Till, client_as: ClientAs) -> None:
    customer = known(till)
    bank = till.create_box("Banco", "bank")
    cashier = client_as("cashier")
    wrong: list[tuple[dict[str, object], str]] = [
        ({"method": "cash", "amount": ""}, "part-0-amount_errors"),
        ({"method": "cheque", "amount": "10"}, "part-0-bank_errors"),
        ({"method": "cash", "amount": "10", "cash_box": bank.pk}, "part-0-cash_box_errors"),
        ({"method": "cash", "amount": "-1", "cash_box": till.box.pk}, "part-0-amount_errors"),
    ]
    for part, place in wrong:
        page = take(cashier, customer, desk_form(part)).content.decode()
        _, _, after = page.partition(f'id="id_{place}"')
        assert "<div>" in after.partition("</div></div>")[0], (part, place)
    assert not Payment.objects.exists()


def test_the_months_ahead_are_the_plan_with_its_products_and_taxes(
    till: Till, client_as: ClientAs
) -> None:
    till.company.tax_mode = TaxMode.ADDED
    till.company.save()
    till.company.taxes.add(Tax.objects.create(name="IVA 16 %", rate=16))
    customer = known(till)
    add_product(
        actor=CLERK, now=at(d(7, 6)), customer=customer,
        sale=Sale(description="TV", price=Decimal("99.90"), billing="recurring"),
    )  # fmt: skip
    page = client_as("cashier").get(reverse("payments:desk-customer", args=[customer.pk]))
    assert page.context["debt"].month == Decimal("463.88")  # (300.00 + 99.90) and 16 %
    assert 'data-months="463.88"' in page.content.decode()


def test_each_form_of_payment_proposes_its_own_box(
    till: Till, user_with_role: UserWithRole
) -> None:
    ana, eva = user_with_role("cashier", "ana"), user_with_role("cashier", "eva")
    bank = till.create_box("Banco", "bank")
    drawer = till.create_box("Caja de Ana", operator=ana, needs_session=True)
    assert proposed_boxes(ana, till.company)["cash"] == till.box.pk
    till.open(ana, d(7, 6), "0", box=drawer)
    proposed = proposed_boxes(ana, till.company)
    assert (proposed["cash"], proposed["transfer"]) == (drawer.pk, bank.pk)
    assert proposed_boxes(eva, till.company)["cash"] == till.box.pk
    assert "gateway" not in proposed


def test_the_plain_form_proposes_a_drawer_for_cash(till: Till, client_as: ClientAs) -> None:
    customer = known(till)
    till.create_box("Banco", "bank")
    till.pay(customer, "10.00", d(7, 5))
    page = client_as("cashier").get(reverse("payments:register", args=[customer.pk]))
    assert page.context["form"].initial["cash_box"] == till.box.pk


def test_a_count_that_the_books_do_not_know_is_asked_twice(
    till: Till, client_as: ClientAs, user_with_role: UserWithRole
) -> None:
    ana = user_with_role("cashier", "ana")
    till.close(till.open(ana, d(7, 1), "200.00"), d(7, 1), "200.00")
    browser, page = client_as("cashier", "ana"), reverse("payments:open_session")
    typed = {"box": till.box.pk, "counted": "2000.00"}
    asked = browser.post(page, typed)
    assert CashSession.objects.filter(closed_at=None).count() == 0
    assert 'name="counted_before" value="2000.00"' in asked.content.decode()
    again = browser.post(page, typed | {"counted": "210.00", "counted_before": "2000.00"})
    assert 'name="counted_before" value="210.00"' in again.content.decode()
    assert browser.post(page, typed | {"counted": "210.00", "counted_before": "210.00"}).url
    session = CashSession.objects.get(closed_at=None)
    assert (session.opened_with, session.opening_difference) == (210, 10)
    verify()


def test_a_cashier_opens_works_and_closes_without_seeing_what_there_should_be(
    till: Till, client_as: ClientAs, user_with_role: UserWithRole
) -> None:
    ana = user_with_role("cashier", "ana")
    till.box.operator, till.box.needs_session = ana, True
    till.box.save()
    customer = known(till)
    browser = client_as("cashier", "ana")
    part = {"method": "cash", "amount": "300.00", "cash_box": till.box.pk}
    refused = take(browser, customer, desk_form(part))
    assert "no tiene una sesión" in refused.content.decode() or refused.status_code == 200
    assert not Payment.objects.exists()
    opened = browser.post(
        reverse("payments:open_session"), {"box": till.box.pk, "counted": "200.00"}
    )
    assert opened.status_code == 302
    take(browser, customer, desk_form(part))
    assert Payment.objects.count() == 1
    session = CashSession.objects.get()
    for name in ("session", "close_session"):
        page = browser.get(reverse(f"payments:{name}", args=[session.pk])).content.decode()
        assert "500.00" not in page, name
        assert "300.00" not in page, name
    daily = browser.get(reverse("payments:daily"))
    assert [each.is_blind for each in daily.context["reports"]] == [True]
    assert "$300.00" not in daily.content.decode().split("money-list")[0]
    browser.post(
        reverse("payments:close_session", args=[session.pk]),
        {"face_200": "2", "face_50": "1", "note": "short"},
    )
    session.refresh_from_db()
    assert session.counted_cash == Decimal("450.00")
    assert session.denominations == {"200": 2, "50": 1}
    page = browser.get(reverse("payments:session", args=[session.pk])).content.decode()
    assert "$500.00" in page
    assert "-$50.00" in page
    daily = browser.get(reverse("payments:daily"))
    assert [each.is_blind for each in daily.context["reports"]] == [False]
    verify()


def test_the_supervisor_sees_all_and_a_cashier_only_his_own(
    till: Till, client_as: ClientAs, user_with_role: UserWithRole
) -> None:
    ana = user_with_role("cashier", "ana")
    session = till.open(ana, d(7, 6), "123.00")
    eva = client_as("cashier", "eva")
    assert eva.get(reverse("payments:session", args=[session.pk])).status_code == 404
    assert eva.get(reverse("payments:close_session", args=[session.pk])).status_code == 404
    manager = client_as("manager")
    page = manager.get(reverse("payments:session", args=[session.pk])).content.decode()
    assert "$123.00" in page


def test_refunds_and_cheques_take_verbs_of_their_own(till: Till, client_as: ClientAs) -> None:
    customer = known(till)
    payment, cheque = till.mixed(customer, d(7, 6))
    cashier = client_as("cashier")
    for name, key in (
        ("refund", payment.pk),
        ("refund-credit", customer.pk),
        ("reject_cheque", cheque.pk),
        ("edit-part", payment.parts.first().pk),
    ):
        assert cashier.get(reverse(f"payments:{name}", args=[key])).status_code == 403, name
    assert cashier.get(reverse("payments:deposit_cheques")).status_code == 403


def test_the_owner_refunds_deposits_and_rejects(till: Till, client_as: ClientAs) -> None:
    customer = known(till)
    bank = till.create_box("Banco", "bank")
    _, cheque = till.mixed(customer, d(7, 6))
    owner = client_as("owner")
    given = {
        "amount": "20.00", "method": "cash", "cash_box": till.box.pk, "reason": "too much",
    }  # fmt: skip
    owner.post(reverse("payments:refund-credit", args=[customer.pk]), given)
    refund = Refund.objects.get()
    assert refund.amount == Decimal("20.00")
    owner.post(reverse("payments:delete-refund", args=[refund.pk]), {"reason": "mistake"})
    refund.refresh_from_db()
    assert refund.deleted_at is not None
    owner.post(
        reverse("payments:deposit_cheques") + f"?cheque={cheque.pk}",
        {"bank": bank.pk, "on": "2026-07-20"},
    )
    cheque.refresh_from_db()
    assert cheque.state == "deposited"
    owner.post(
        reverse("payments:reject_cheque", args=[cheque.pk]),
        {"on": "2026-07-22", "reason": "no funds", "cost": ""},
    )
    assert till.balance(customer) == Decimal("200.00")
    verify()


def test_every_page_of_the_desk_opens(till: Till, client_as: ClientAs) -> None:
    customer = known(till)
    payment, cheque = till.mixed(customer, d(7, 6))
    refund = till.give_back(customer, "10.00", d(7, 6), payment=payment)
    owner = client_as("owner")
    session = till.open(User.objects.get(username="owner"), d(7, 6), "90.00")
    pages = [
        ("desk", ()), ("desk-customer", (customer.pk,)), ("sessions", ()),
        ("session", (session.pk,)), ("open_session", ()), ("close_session", (session.pk,)),
        ("move_cash", ()), ("hand_over", ()), ("cheques", ()), ("cheque", (cheque.pk,)),
        ("reject_cheque", (cheque.pk,)), ("refunds", ()), ("refund", (payment.pk,)),
        ("refund-credit", (customer.pk,)), ("delete-refund", (refund.pk,)), ("daily", ()),
        ("edit-part", (payment.parts.first().pk,)), ("payment", (payment.pk,)),
    ]  # fmt: skip
    for name, args in pages:
        response = owner.get(reverse(f"payments:{name}", args=args))
        assert response.status_code == 200, name
    for style in ("ticket58", "ticket", "letter"):
        response = owner.get(reverse("payments:receipt", args=[payment.pk, style]))
        assert response.content.startswith(b"%PDF")
    page = owner.get(reverse("payments:cheques"), {"state": "", "q": "Norte", "until": "x"})
    assert page.status_code == 200


def test_the_cash_of_the_day_by_operator(
    till: Till, client_as: ClientAs, user_with_role: UserWithRole
) -> None:
    ana, eva = user_with_role("cashier", "ana"), user_with_role("cashier", "eva")
    bank = till.create_box("Banco", "bank")
    customer = known(till)
    till.pay(customer, "100.00", d(7, 6), operator=ana)
    till.pay(customer, "40.00", d(7, 6), operator=ana, method="transfer", cash_box=bank)
    till.pay(customer, "7.00", d(7, 6), operator=eva)
    till.pay(customer, "9.00", d(7, 5), operator=ana)
    manager = client_as("manager")
    response = manager.get(reverse("payments:daily"))
    reports = {str(each.operator): each for each in response.context["reports"]}
    held = {name: [(row.label, row.net) for row in each.by_box] for name, each in reports.items()}
    assert held == {
        "Ana": [("Banco", Decimal(40)), ("Caja 1", Decimal(100))],
        "Eva": [("Caja 1", Decimal(7))],
    }
    mine = client_as("cashier", "ana").get(reverse("payments:daily"), {"operator": eva.pk})
    assert [str(each.operator) for each in mine.context["reports"]] == ["Ana"]
    both = {"first": "2026-07-05", "last": "2026-07-06", "operator": ana.pk}
    export = manager.get(reverse("payments:daily-export", args=["csv"]), both)
    assert b"".join(export.streaming_content).decode().count("Caja 1") == 2
    assert manager.get(reverse("payments:daily-export", args=["xlsx"])).status_code == 200


def test_a_collector_finds_and_charges_only_his_customers(
    till: Till, client_as: ClientAs, user_with_role: UserWithRole
) -> None:
    collector = user_with_role("collector")
    collector.role.only_own_customers = True
    collector.role.verbs = [*collector.role.verbs, "payments.refund", "payments.cheques",
                            "payments.delete"]  # fmt: skip
    collector.role.save()
    mine = known(till, name="Peña Suyo", collector=collector)
    other = known(till, name="Peña Ajeno", rfid_card="999")
    theirs, cheque = till.mixed(other, d(7, 6))
    refund = till.give_back(other, "10.00", d(7, 6), payment=theirs)
    browser = client_as("collector")
    assert browser.get(reverse("payments:desk"), {"q": "pena"}).headers["Location"] == reverse(
        "payments:desk-customer", args=[mine.pk]
    )
    for typed in ("999", "ajeno", other.code):
        page = browser.get(reverse("payments:desk"), {"q": typed})
        assert page.status_code == 200, typed
        assert "Ajeno" not in page.content.decode()
    done = browser.get(reverse("payments:desk"), {"done": theirs.pk}).content.decode()
    assert "Ajeno" not in done
    foreign = [
        ("desk-customer", other.pk), ("cheque", cheque.pk), ("reject_cheque", cheque.pk),
        ("refund", theirs.pk), ("refund-credit", other.pk), ("delete-refund", refund.pk),
        ("edit-part", theirs.parts.first().pk), ("payment", theirs.pk), ("delete", theirs.pk),
        ("register", other.pk),
    ]  # fmt: skip
    for name, key in foreign:
        address = reverse(f"payments:{name}", args=[key])
        assert browser.get(address).status_code == 404, name
        assert browser.post(address, desk_form()).status_code in (404, 405), name
    for name in ("cheques", "refunds", "payments", "daily"):
        assert "Ajeno" not in browser.get(reverse(f"payments:{name}")).content.decode(), name
    assert (
        browser.get(reverse("payments:deposit_cheques"), {"cheque": cheque.pk}).status_code == 302
    )


def test_boxes_of_other_companies_or_operators_are_not_offered(
    till: Till, client_as: ClientAs, user_with_role: UserWithRole
) -> None:
    eva = user_with_role("cashier", "eva")
    hers = till.create_box("Caja de Eva", operator=eva)
    customer = known(till)
    part = {"method": "cash", "amount": "10.00", "cash_box": hers.pk}
    take(client_as("cashier", "ana"), customer, desk_form(part))
    assert not Payment.objects.exists()
    assert eva.may(Verb.OPERATE_CASH)
    take(client_as("cashier", "eva"), customer, desk_form(part))
    assert Payment.objects.get().cash_box == hers
    assert CashBox.objects.filter(kind="cheques").count() == 0
