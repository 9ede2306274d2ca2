"""Screens of the treasury: from a bank's file to payments, reports of strangers, gateways."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from caudal.apps.billing.tests.world import CLERK, at, d
from caudal.apps.clock.now import now
from caudal.apps.payments.models import Payment
from caudal.apps.staff.models import Role
from caudal.apps.treasury import actions
from caudal.apps.treasury.models import (
    BankLine,
    BankStatement,
    Gateway,
    GatewayEvent,
    GatewayPayment,
    MatchBatch,
    ReportedPayment,
)
from caudal.apps.treasury.tests.counter import KEY, Counter, knock, told
from caudal.practice.gateway import PracticeGateway

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50
HX = {"HX-Request": "true"}


@pytest.fixture
def owner(counter: Counter, client_as: Callable[..., Client]) -> Client:
    return client_as("owner")


def url(name: str, *args: object) -> str:
    return reverse(f"treasury:{name}", args=args)


def page(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(url(name, *args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def send(client: Client, account: object, text: str) -> Any:
    file = SimpleUploadedFile("julio.csv", text.encode())
    given = {"account": account.pk, "file": file}  # type: ignore[attr-defined]
    return client.post(url("new_statement"), given)


def test_from_a_file_to_payments_and_back(counter: Counter, owner: Client) -> None:
    account = counter.bank_account()
    customers = [counter.customer() for _ in range(2)]
    counter.run(d(6, 28))
    rows = "".join(f"01/07/2026;Pago {row.code};300,00;\n" for row in customers)
    answer = send(
        owner, account, f"Fecha;Concepto;Abono;Cargo\n{rows}02/07/2026;Algo;;5,00\n9;x;;\n"
    )
    review = answer["Location"]
    shown = owner.get(review).content.decode()
    assert "julio.csv" in shown and not BankLine.objects.exists()
    taken = owner.post(review, {"take": "1"})
    statement = BankStatement.objects.get()
    assert taken["Location"] == url("statement", statement.pk)
    assert (statement.new_lines, len(statement.problems)) == (3, 1)
    problems = b"".join(owner.get(url("problems", statement.pk)).streaming_content).decode()
    assert "9,x" in problems
    assert "Pago" in page(owner, "statement", statement.pk) + page(owner, "lines")

    preview = owner.get(url("accept_many"))
    seen = preview.context["seen"]
    done = owner.post(url("accept_many"), {"seen": seen})
    batch = MatchBatch.objects.get()
    assert done["Location"] == url("batch", batch.pk)
    assert [counter.balance(row) for row in customers] == [0, 0]
    assert customers[0].name in page(owner, "batch", batch.pk)
    owner.post(url("undo_batch", batch.pk))
    assert [counter.balance(row) for row in customers] == [300, 300]
    again = owner.post(url("accept_many"), {"seen": "what was never shown"})
    assert again.status_code == 200 and MatchBatch.objects.count() == 1


def test_columns_are_asked_for_and_remembered(counter: Counter, owner: Client) -> None:
    account = counter.bank_account()
    table = "cuando;quien;plata\n01/07/2026;Ana;300,00\n"
    review = send(owner, account, table)["Location"]
    assert "cuando" in owner.get(review).content.decode()
    said = {
        "header": ["cuando", "quien", "plata"],
        "column_0": "date", "column_1": "payer", "column_2": "amount",
    }  # fmt: skip
    shown = owner.post(review, {**said, "read": "1"}).content.decode()
    assert "Ana" in shown and not BankLine.objects.exists()
    owner.post(review, {**said, "take": "1"})
    assert BankLine.objects.get().payer == "Ana"
    owner.post(send(owner, account, table.replace("Ana", "Eva"))["Location"], {"take": "1"})
    answer = owner.get(send(owner, account, table.replace("Ana", "Paz"))["Location"])
    assert "Paz" in answer.content.decode()


@pytest.mark.parametrize("content", ["", "%PDF-1.4 \0\1\2", "<?xml version='1.0'?><!DOCTYPE a []>"])
def test_a_file_that_is_no_statement_is_told_in_words(
    counter: Counter, owner: Client, content: str
) -> None:
    answer = send(owner, counter.bank_account(), content or " ")
    if answer.status_code == 302:
        answer = owner.get(answer["Location"], follow=True)
    assert answer.status_code == 200 and not BankStatement.objects.exists()
    gone = owner.get(url("review_statement", "forged"), follow=True)
    assert gone.status_code == 200


def test_a_line_is_accepted_where_it_stands_and_undone(counter: Counter, owner: Client) -> None:
    customer = counter.customer()
    counter.run(d(6, 28))
    line = counter.line("300.00", reference=customer.code, text="SPEI")
    form = {"person": str(customer.pk), "payment": ""}
    for _ in range(2):
        answer = owner.post(url("accept", line.pk), form, headers=HX)
        assert answer.status_code == 200 and f'id="line-{line.pk}"' in answer.content.decode()
    assert Payment.objects.count() == 1 and counter.balance(customer) == 0
    owner.post(url("reopen", line.pk), headers=HX)
    assert counter.balance(customer) == 300
    wrong = owner.post(url("accept", line.pk), {"person": "999", "payment": ""}, headers=HX)
    assert "alert-danger" in wrong.content.decode()


def test_a_line_by_hand_shared_and_ignored(counter: Counter, owner: Client) -> None:
    one, other = counter.customer(name="Ana", search_text="ana"), counter.customer()
    counter.run(d(6, 28))
    line, second = counter.line("300.00"), counter.line("350.00")
    assert "Ana" in owner.get(url("find_customer"), {"q": "ana", "line": line.pk}).content.decode()
    owner.post(url("give_line", line.pk, one.pk))
    assert counter.balance(one) == 0
    wrong = owner.post(url("share", second.pk), {"code_0": other.code, "amount_0": "300"})
    assert wrong.status_code == 200 and counter.balance(other) == 300
    shares = {"code_0": other.code, "amount_0": "300", "code_1": one.code, "amount_1": "50"}
    owner.post(url("share", second.pk), shares)
    assert (counter.balance(one), counter.balance(other)) == (-50, 0)
    third = counter.line("10.00")
    owner.post(url("ignore", third.pk), {"reason": "ours"})
    third.refresh_from_db()
    assert (third.state, third.reason) == ("ignored", "ours")
    for state in ("open", "matched", "ignored", "outgoing"):
        page(owner, "lines", state=state, q="x", account=str(line.account_id))
    page(owner, "line", line.pk)


def test_a_customer_reports_by_his_address_and_it_is_approved(
    counter: Counter, owner: Client, client: Client
) -> None:
    customer = counter.customer()
    counter.run(d(6, 28))
    address = url("told", actions.report_token(customer))
    assert customer.code in client.get(address).content.decode()
    yesterday = (now() - timedelta(days=1)).date()
    given = {
        "key": "k1", "amount": "300", "paid_on": yesterday.isoformat(), "method": "transfer",
        "reference": "SPEI9", "proof": SimpleUploadedFile("a.html", PNG, "text/html"),
    }  # fmt: skip
    assert client.post(address, given)["Location"].endswith("?sent=1")
    client.post(address, {**given, "proof": ""})
    row = ReportedPayment.objects.get()
    assert row.reported_by == "customer"
    assert client.get(url("proof", row.pk)).status_code == 302
    proof = owner.get(url("proof", row.pk))
    assert proof["Content-Type"] == "image/png" and "sandbox" in proof["Content-Security-Policy"]
    assert proof["X-Content-Type-Options"] == "nosniff"
    assert b"".join(proof.streaming_content) == PNG
    assert "SPEI9" in page(owner, "reports") + page(owner, "report", row.pk)
    owner.post(url("report", row.pk), {"cash_box": counter.bank.pk, "restore": "yes"})
    assert counter.balance(customer) == 0
    assert "SPEI9" in page(owner, "reports", state="approved")
    evil = {**given, "key": "k2", "proof": SimpleUploadedFile("a.png", b"<script>", "image/png")}
    assert client.post(address, evil).status_code == 200
    assert ReportedPayment.objects.count() == 1
    assert client.get(url("told", "forged")).status_code == 404


def test_strangers_send_only_so_many_reports(counter: Counter, client: Client) -> None:
    address = url("told", actions.report_token(counter.customer()))
    for number in range(25):
        client.post(
            address, {"key": f"k{number}", "amount": "1", "paid_on": "2026-01-02", "method": "cash"}
        )
    assert ReportedPayment.objects.count() == 20


def test_gateways_are_configured_tried_and_never_show_their_secrets(
    counter: Counter, owner: Client, practice: PracticeGateway
) -> None:
    form = {
        "slug": "mp", "name": "Mercado Pago", "cash_box": counter.gateway_box.pk, "restores": "on",
        "is_active": "on", "set_access_token": practice.token, "set_signing_key": practice.key,
        "set_base_url": practice.url, "set_timeout_s": "60",
    }  # fmt: skip
    assert (
        owner.post(url("new_gateway", "mercadopago"), {**form, "slug": "bank"}).status_code == 200
    )
    owner.post(url("new_gateway", "mercadopago"), form)
    row = Gateway.objects.get()
    assert "PRACTICA" in owner.post(url("check_gateway", row.pk), follow=True).content.decode()
    shown = page(owner, "edit_gateway", row.pk) + page(owner, "gateways")
    assert practice.token not in shown and practice.key not in shown
    changed = {**form, "name": "MP", "set_access_token": "", "set_signing_key": ""}
    owner.post(url("edit_gateway", row.pk), changed)
    row.refresh_from_db()
    assert row.name == "MP" and practice.token in row.secrets
    page(owner, "new_gateway", "signed")
    assert owner.get(url("new_gateway", "unknown")).status_code == 404


def test_a_link_is_made_and_paid_on_the_practice_page(
    counter: Counter, owner: Client, practice: PracticeGateway
) -> None:
    gateway = counter.mercado_pago(practice)
    customer = counter.customer()
    assert (
        "select" not in page(owner, "link", customer.pk).partition("<main")[2].partition("Links")[0]
    )
    counter.run(d(6, 28))
    owner.post(url("link", customer.pk), {"gateway": gateway.pk, "invoice": ""})
    assert practice.url in page(owner, "link", customer.pk) + page(owner, "customer", customer.pk)


def test_money_that_waits_is_counted_and_given(counter: Counter, owner: Client) -> None:
    counter.gateway()
    customer = counter.customer()
    counter.run(d(6, 28))
    knock(owner, told("7001", "120.00", "nobody"), "e1")
    counter.line("80.00", text="algo")
    shown = page(owner, "waiting") + page(owner, "card")
    assert "7001" in shown and "120.00" in shown and "80.00" in shown
    row = GatewayPayment.objects.get()
    page(owner, "gateway_payment", row.pk)
    owner.post(url("give_payment", row.pk, customer.pk))
    assert counter.balance(customer) == Decimal(180)
    event = GatewayEvent.objects.get()
    assert "e1" in page(owner, "event", event.pk) and "7001" in page(owner, "events", q="7001")
    assert KEY not in page(owner, "event", event.pk)
    owner.post(url("retry", event.pk))
    knock(owner, told("7002", "5.00", "nobody"), "e2")
    other = GatewayPayment.objects.get(external_id="7002")
    owner.post(url("set_aside", other.pk), {"reason": "a test"})
    assert "7002" not in page(owner, "waiting")


def test_accounts_and_reports_at_the_counter(counter: Counter, owner: Client) -> None:
    form = {
        "company": counter.company.pk,
        "name": "BBVA",
        "cash_box": counter.bank.pk,
        "number": "1",
    }
    owner.post(url("new_account"), form)
    assert "BBVA" in page(owner, "accounts")
    account = counter.bank_account("BBVA")
    owner.post(url("edit_account", account.pk), {**form, "name": "Banco", "is_active": "on"})
    account.refresh_from_db()
    assert account.name == "Banco" and not account.restores
    customer = counter.customer()
    day = (now() - timedelta(days=1)).date().isoformat()
    given = {"key": "k", "amount": "5", "paid_on": day, "method": "deposit"}
    owner.post(url("new_report", customer.pk), given)
    row = ReportedPayment.objects.get()
    owner.post(url("reject", row.pk), {"reason": "not there"})
    row.refresh_from_db()
    assert row.state == "rejected"
    page(owner, "statements")


def test_a_collector_with_the_verb_sees_only_what_is_of_his_customers(
    counter: Counter, client_as: Callable[..., Client], user_with_role: Callable[..., Any]
) -> None:
    role = Role.objects.get(code="collector")
    role.verbs = [*role.verbs, "payments.arrivals", "payments.match"]
    role.save()
    collector = client_as("collector")
    mine = counter.customer(collector=user_with_role("collector"), search_text="mio")
    other = counter.customer(search_text="ajeno")
    rows = [
        actions.report_payment(
            actor=CLERK, now=at(d(7, 20)), customer=each, key=each.code, amount=Decimal(5),
            paid_on=d(7, 1), method="cash",
        )
        for each in (mine, other)
    ]  # fmt: skip
    shown = page(collector, "reports")
    assert mine.name in shown and other.name not in shown
    assert collector.get(url("report", rows[1].pk)).status_code == 404
    assert collector.get(url("proof", rows[1].pk)).status_code == 404
    line = counter.line("5.00")
    assert collector.get(url("line", line.pk)).status_code == 404
    found = collector.get(url("find_customer"), {"q": "ajeno", "line": "1"}).content.decode()
    assert other.name not in found
    assert collector.get(url("link", other.pk)).status_code == 404
    batch = MatchBatch.objects.create(created_at=at(d(7, 20)), created_by="x", lowest_score=85)
    for each, status in ((mine, 200), (other, 404)):
        batch.assignments.create(line=line, customer=each, amount=Decimal(2))
        assert collector.get(url("batch", batch.pk)).status_code == status
    assert collector.post(url("undo_batch", batch.pk)).status_code == 404
