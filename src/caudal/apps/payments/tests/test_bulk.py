"""Acts on many invoices: asked on the list, done row by row, safe to repeat."""

import threading
from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from caudal.apps.billing import invoice_acts
from caudal.apps.billing.models import Invoice
from caudal.apps.billing.tests.world import at, d, verify
from caudal.apps.bulk import actions as bulk
from caudal.apps.bulk.acts import act_named
from caudal.apps.bulk.doing import do_waiting
from caudal.apps.bulk.models import BulkAct, BulkRow
from caudal.apps.clock import now as clock_now
from caudal.apps.clock.jobs import Run
from caudal.apps.customers.models import Contact, Customer
from caudal.apps.messaging.models import Delivery
from caudal.apps.payments.models import Payment
from caudal.apps.payments.tests.till import Till
from caudal.apps.staff.models import User

ClientAs = Callable[..., Client]
Users = Callable[..., User]


@pytest.fixture(autouse=True)
def noon_of_6_july(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_now, "machine_time", lambda: at(d(7, 6)))


@pytest.fixture
def customers(till: Till) -> list[Customer]:
    made = [till.customer() for _ in range(4)]
    till.create(d(6, 28))
    return made


def ids() -> list[int]:
    return list(Invoice.objects.order_by("id").values_list("pk", flat=True))


def asked(user: User, act: str, chosen: list[int], **options: Any) -> BulkAct:
    known = act_named(act)
    assert known is not None
    return bulk.ask(user=user, now=at(d(7, 6)), key=uuid4(), act=known, ids=chosen, options=options)


def results(act: BulkAct) -> list[str]:
    return list(act.rows.values_list("status", flat=True))


def post(client: Client, act: str, **data: Any) -> Any:
    return client.post(
        reverse("bulk:start"), {"act": act, "key": str(uuid4()), "query": "", **data}
    )


def test_the_chosen_ones_are_paid_each_by_a_payment_of_its_own(
    till: Till, customers: list[Customer], client_as: ClientAs
) -> None:
    client, first, second = client_as("owner"), *ids()[:2]
    page = post(client, "invoices.pay", pick=[first, second]).content.decode()
    assert "2" in page and Payment.objects.count() == 0
    data = {"pick": [first, second], "confirmed": 1, "method": "cash", "cash_box": till.box.pk}
    answer = post(client, "invoices.pay", **data)
    assert answer.status_code == 302
    assert Payment.objects.count() == 2
    assert [till.balance(each) for each in customers] == [Decimal(n) for n in (0, 0, 300, 300)]
    assert client.get(answer["Location"]).status_code == 200
    verify()


def test_the_same_form_sent_twice_is_one_act(
    till: Till, customers: list[Customer], client_as: ClientAs
) -> None:
    client, key = client_as("owner"), str(uuid4())
    data = {"pick": ids(), "confirmed": 1, "method": "cash", "cash_box": till.box.pk, "key": key}
    for _ in range(2):
        assert post(client, "invoices.pay", **data).status_code == 302
    assert BulkAct.objects.count() == 1
    assert Payment.objects.count() == 4


def test_an_act_that_was_killed_goes_on_where_it_stood(
    till: Till, customers: list[Customer], user_with_role: Users, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 0)
    act = asked(user_with_role("owner"), "invoices.pay", ids(), method="cash",
                cash_box=till.box.pk)  # fmt: skip
    assert Payment.objects.count() == 0
    seen = []

    class Killed(Run):
        def advance(self, n: int = 1) -> None:
            seen.append(n)
            if len(seen) == 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        do_waiting(Killed(), at(d(7, 6)))
    assert Payment.objects.count() == 2
    do_waiting(Run(), at(d(7, 6)))
    do_waiting(Run(), at(d(7, 6)))
    act.refresh_from_db()
    assert act.status == BulkAct.Status.DONE
    assert results(act) == ["done"] * 4
    assert Payment.objects.count() == 4


def test_each_refused_row_says_why_and_the_others_go_on(
    till: Till, customers: list[Customer], user_with_role: Users
) -> None:
    till.pay(customers[1], "300.00", d(7, 2))
    act = asked(user_with_role("owner"), "invoices.pay", ids(), method="cash",
                cash_box=till.box.pk)  # fmt: skip
    assert results(act) == ["done", "refused", "done", "done"]
    refused = act.rows.get(status=BulkRow.Status.REFUSED)
    assert "–" in refused.result or refused.result


def test_voiding_asks_for_a_reason_and_how_many(
    till: Till, customers: list[Customer], client_as: ClientAs
) -> None:
    client, chosen = client_as("owner"), ids()[:3]
    data = {"pick": chosen, "confirmed": 1, "reason": "error"}
    for typed in ("", "2", "all"):
        answer = post(client, "invoices.void", typed=typed, **data)
        assert answer.status_code == 200
    assert not Invoice.objects.filter(state="void").exists()
    assert post(client, "invoices.void", typed="3", **data).status_code == 302
    assert Invoice.objects.filter(state="void").count() == 3
    verify()


def test_all_of_the_filter_are_chosen_and_nothing_else(
    till: Till, customers: list[Customer], client_as: ClientAs
) -> None:
    till.pay(customers[0], "300.00", d(7, 2))
    client = client_as("owner")
    data = {"all": 1, "query": "state=unpaid", "confirmed": 1, "typed": "3", "reason": "x"}
    assert post(client, "invoices.void", **data).status_code == 302
    assert sorted(Invoice.objects.values_list("state", flat=True)) == ["paid", *["void"] * 3]


def test_all_are_printed_in_one_file_in_the_order_of_the_list(
    till: Till, customers: list[Customer], client_as: ClientAs, user_with_role: Users
) -> None:
    client = client_as("owner")
    data = {"all": 1, "query": "sort=emission", "confirmed": 1, "paper": ""}
    answer = client.get(post(client, "invoices.print", **data)["Location"])
    act = BulkAct.objects.get()
    file = client.get(reverse("bulk:file", args=[act.pk]))
    content = b"".join(file.streaming_content)
    pages = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    numbers = list(Invoice.objects.order_by("id").values_list("number", flat=True))
    assert len(pages) == 4
    assert all(f"{number}" in page for number, page in zip(numbers, pages, strict=True))
    assert reverse("bulk:file", args=[act.pk]) in answer.content.decode()


def test_very_many_come_as_several_files(
    till: Till, customers: list[Customer], user_with_role: Users, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invoice_acts, "IN_ONE_FILE", 3)
    act = asked(user_with_role("owner"), "invoices.print", ids())
    with ZipFile(act.file.open("rb")) as archive:
        counts = [len(PdfReader(BytesIO(archive.read(name))).pages) for name in archive.namelist()]
    assert counts == [3, 1]


def test_sending_leaves_one_message_each_and_says_who_has_no_address(
    till: Till, customers: list[Customer], user_with_role: Users
) -> None:
    Contact.objects.create(customer=customers[0], kind="email", value="a@x.example")
    act = asked(user_with_role("owner"), "invoices.send", ids()[:2])
    assert results(act) == ["done", "refused"]
    sent = Delivery.objects.get()
    assert (sent.to, sent.attachment) == ("a@x.example", f"invoice:{ids()[0]}")


def test_who_may_not_do_it_is_kept_out(
    till: Till, customers: list[Customer], client_as: ClientAs
) -> None:
    client = client_as("cashier")
    data = {"all": 1, "confirmed": 1, "typed": "4", "reason": "x"}
    assert post(client, "invoices.void", **data).status_code == 403
    assert "invoices.void" not in client.get(reverse("billing:invoices")).content.decode()


def test_a_collector_reaches_only_the_invoices_of_his_customers(
    till: Till, customers: list[Customer], client_as: ClientAs, user_with_role: Users
) -> None:
    collector = user_with_role("collector")
    Customer.objects.filter(pk=customers[2].pk).update(collector=collector)
    data = {"pick": ids(), "confirmed": 1, "method": "cash", "cash_box": till.box.pk}
    post(client_as("collector"), "invoices.pay", **data)
    assert list(Payment.objects.values_list("customer", flat=True)) == [customers[2].pk]


def test_the_file_is_for_who_asked_for_it(
    till: Till, customers: list[Customer], client_as: ClientAs, user_with_role: Users
) -> None:
    act = asked(user_with_role("owner"), "invoices.print", ids())
    assert client_as("manager").get(reverse("bulk:file", args=[act.pk])).status_code == 404


def test_a_person_who_lost_the_right_meanwhile_does_nothing(
    till: Till, customers: list[Customer], user_with_role: Users, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 0)
    user = user_with_role("manager")
    act = asked(user, "invoices.void", ids(), reason="x")
    User.objects.filter(pk=user.pk).update(is_active=False)
    do_waiting(Run(), at(d(7, 6)))
    act.refresh_from_db()
    assert act.error
    assert results(act) == ["waiting"] * 4
    assert not Invoice.objects.filter(state="void").exists()


def test_the_list_filters_and_sums(
    till: Till, customers: list[Customer], client_as: ClientAs
) -> None:
    till.pay(customers[0], "100.00", d(7, 2))
    client = client_as("owner")
    found = client.get(reverse("billing:totals"), {"state": "partial"}).content.decode()
    assert "$300.00" in found and "$200.00" in found
    for query in ({"least": "301"}, {"dates": "due", "first": "2026-07-02"}, {"state": "merged"}):
        page = client.get(reverse("billing:invoices"), query).content.decode()
        assert 'name="pick"' not in page
    every = {"company": till.company.pk, "dates": "due", "first": "2026-07-01", "most": "300"}
    page = client.get(reverse("billing:invoices"), every).content.decode()
    assert page.count('name="pick"') == 4


def test_letters_are_one_for_each_customer_who_owes(
    till: Till, customers: list[Customer], user_with_role: Users
) -> None:
    till.create(d(7, 28))
    till.pay(customers[0], "600.00", d(7, 2))
    act = asked(user_with_role("owner"), "invoices.letters", ids(), kind="reminder")
    pages = [page.extract_text() for page in PdfReader(act.file.open("rb")).pages]
    assert len(pages) == 3
    assert all("$600.00" in page for page in pages)
    paid = list(customers[0].invoices.values_list("pk", flat=True))
    none = asked(user_with_role("owner"), "invoices.letters", paid, kind="coupon")
    assert set(results(none)) == {"refused"}


def test_files_are_forgotten_after_a_month(
    till: Till, customers: list[Customer], user_with_role: Users
) -> None:
    act = asked(user_with_role("owner"), "invoices.print", ids())
    assert bulk.forget_files(at(d(7, 5))) == 0
    assert bulk.forget_files(at(d(8, 8))) == 1
    act.refresh_from_db()
    assert not act.file and results(act) == ["done"] * 4


def test_the_invoices_of_one_run_are_printed_together(
    till: Till, customers: list[Customer], client_as: ClientAs
) -> None:
    Invoice.objects.filter(pk=ids()[0]).update(run=7)
    page = client_as("owner").get(reverse("billing:invoices"), {"run": "7"}).content.decode()
    assert page.count('name="pick"') == 1


def test_the_chosen_ones_of_each_customer_are_merged(
    till: Till, customers: list[Customer], user_with_role: Users
) -> None:
    till.create(d(7, 28))
    till.pay(customers[3], "300.00", d(7, 2))
    act = asked(user_with_role("owner"), "invoices.merge", ids())
    assert sorted(results(act)) == ["done"] * 6 + ["refused"] * 2  # one of his was settled
    merged = Invoice.objects.filter(origin=Invoice.Origin.MERGE)
    assert sorted(row.remaining for row in merged) == [Decimal("600.00")] * 3
    assert till.balance(customers[0]) == Decimal("600.00")
    verify()


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_each_row_once(user_with_role: Users) -> None:
    till = Till()
    for _ in range(30):
        till.customer()
    till.create(d(6, 28))
    patched, bulk.AT_ONCE = bulk.AT_ONCE, 0
    try:
        act = asked(user_with_role("owner"), "invoices.void", ids(), reason="x")
    finally:
        bulk.AT_ONCE = patched

    def work() -> None:
        do_waiting(Run(), at(d(7, 6)))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    do_waiting(Run(), at(d(7, 6)))
    assert results(act) == ["done"] * 30
    assert Invoice.objects.filter(state="void").count() == 30
    verify()


def test_a_field_is_looked_at_before_the_form_is_sent(
    customers: list[Customer], client_as: ClientAs
) -> None:
    data = {"act": "invoices.void", "pick": ids()[:1], "confirmed": 1, "reason": "",
            "validate": "reason"}  # fmt: skip
    answer = (
        client_as("owner")
        .post(reverse("bulk:start"), data, headers={"HX-Request": "true"})
        .content.decode()
    )
    assert "field-errors" in answer and "<html" not in answer
    assert not BulkAct.objects.exists()
