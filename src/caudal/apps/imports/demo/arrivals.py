"""Money of the demo that came from outside: a bank's file, a gateway, reports of customers."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from caudal.apps.billing.models import Invoice
from caudal.apps.catalog.models import Company
from caudal.apps.ledger.models import Balance
from caudal.apps.payments import actions as payments
from caudal.apps.payments.models import CashBox
from caudal.apps.staff.actor import Actor
from caudal.apps.treasury import actions
from caudal.apps.treasury.models import BankAccount, Gateway
from caudal.core.ports.gateway import Notice, Paid, PaymentStatus
from caudal.core.ports.statement import Movement, Reading
from caudal.practice import demo

GATEWAY = "mercadopago"
DEBTORS = 9


def let_money_arrive(actor: Actor, company: Company, day: date, now: datetime) -> None:
    """Once; enough to try the workbench, the queue of reports and what waits."""
    if BankAccount.objects.exists():
        return
    bank = CashBox.objects.get(company=company, name="Banco")
    account = actions.create_bank_account(
        actor=actor, now=now, company=company, name="BBVA 0123", cash_box=bank
    )
    owing = Balance.objects.filter(company=company, amount__gt=0, customer__archived_at=None)
    debts = list(owing.select_related("customer__company", "customer__zone")[:DEBTORS])
    _statement(actor, account, [*debts[1::3], *debts[2::3]], day, now)
    _gateway(actor, company, now)
    for debt in debts[::3]:
        actions.report_payment(
            actor=actor,
            now=now,
            customer=debt.customer,
            key=f"demo-{debt.customer_id}",
            amount=round(debt.amount, 2),
            paid_on=day - timedelta(days=1),
            method="transfer",
            reference=f"SPEI {880000 + debt.customer_id}",
        )


def _statement(
    actor: Actor, account: BankAccount, debts: list[Balance], day: date, now: datetime
) -> None:
    """Lines that tell their customers by code, invoice or name, and two that tell nobody."""
    lines = []
    for place, debt in enumerate(debts):
        customer = debt.customer
        invoice = Invoice.objects.unpaid().filter(customer=customer).order_by("due").first()
        said: dict[str, Any] = (
            {"reference": customer.code, "text": "SPEI recibido"},
            {"text": f"Pago factura {invoice.label if invoice else ''}"},
            {"payer": customer.name.upper(), "text": "Transferencia interbancaria"},
        )[place % 3]
        on = day - timedelta(days=len(debts) - place)
        lines.append(Movement(place + 1, on, round(debt.amount, 2), **said))
    others = (("Depósito en efectivo sucursal 12", 250), ("Comisión por manejo", -35))
    for text, amount in others:
        lines.append(Movement(len(lines) + 1, day, Decimal(amount), text=text))
    actions.take_statement(
        actor=actor,
        now=now,
        account=account,
        filename="bbva.csv",
        format="csv",
        content=b"demo",
        reading=Reading(tuple(lines)),
    )


def _gateway(actor: Actor, company: Company, now: datetime) -> None:
    """The practice gateway, with a payment whose reference is nobody's."""
    box = payments.create_cash_box(
        actor=actor, now=now, company=company, name="Mercado Pago", kind=CashBox.Kind.GATEWAY
    )
    gateway: Gateway = actions.create_gateway(
        actor=actor,
        now=now,
        slug="mp",
        name="Mercado Pago (práctica)",
        kind=GATEWAY,
        company=company,
        cash_box=box,
        settings={"base_url": f"http://127.0.0.1:{demo.GATEWAY_PORT}", "timeout_s": 10},
        secrets={"access_token": demo.GATEWAY_TOKEN, "signing_key": demo.GATEWAY_KEY},
    )
    lost = Paid("6999", PaymentStatus.APPROVED, Decimal(320), company.currency, "000000-perdido")
    event = actions.note_event(
        gateway=gateway, notice=Notice("89999", lost.payment_id, lost), body="", now=now
    )
    actions.work_off(event=event, paid=lost, now=now)
