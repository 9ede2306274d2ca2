"""The world of the cases with gateways, a bank account, and notices that come in by the door."""

import time
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.test import Client

from caudal.apps.billing.models import Invoice
from caudal.apps.billing.tests.world import CLERK, at
from caudal.apps.catalog.models import Company
from caudal.apps.payments.actions import create_cash_box
from caudal.apps.payments.tests.till import Till
from caudal.apps.treasury.actions import create_bank_account, create_gateway
from caudal.apps.treasury.models import BankAccount, BankLine, BankStatement, Gateway
from caudal.practice.gateway import PracticeGateway, standard_notice

KEY = "a key of the tests"


class Counter(Till):
    def __init__(self) -> None:
        super().__init__()
        self.bank = self._box("Banco", "bank")
        self.gateway_box = self._box("Pasarela", "gateway")

    def _box(self, name: str, kind: str) -> Any:
        return create_cash_box(
            actor=CLERK, now=at(date(2026, 1, 1)), company=self.company, name=name, kind=kind
        )

    def gateway(self, kind: str = "signed", slug: str = "pasarela", **more: Any) -> Gateway:
        values: dict[str, Any] = {"settings": {}, "secrets": {"secret": KEY}, **more}
        return create_gateway(
            actor=CLERK, now=at(date(2026, 1, 1)), slug=slug, name=slug.title(), kind=kind,
            company=self.company, cash_box=self.gateway_box, **values,
        )  # fmt: skip

    def bank_account(self, name: str = "Cuenta") -> BankAccount:
        found = BankAccount.objects.filter(name=name).first()
        return found or create_bank_account(
            actor=CLERK, now=at(date(2026, 1, 1)), company=self.company, name=name,
            cash_box=self.bank,
        )  # fmt: skip

    def line(self, amount: str, *, on: date = date(2026, 7, 1), **said: Any) -> BankLine:
        """A line of the account as a file would have brought it."""
        account = self.bank_account()
        statement, _new = BankStatement.objects.get_or_create(
            account=account, filename="julio.csv", defaults={"created_at": at(on)}
        )
        number = statement.lines.count() + 1
        return BankLine.objects.create(
            account=account, statement=statement, place=number, key=f"k{number}", on=on,
            amount=Decimal(amount), **said,
        )  # fmt: skip

    def rename_invoices(self, prefix: str) -> None:
        """A series of the company whose numbers are A101, A102 ..."""
        for number, invoice in enumerate(Invoice.objects.order_by("customer__code"), 101):
            Invoice.objects.filter(pk=invoice.pk).update(prefix=prefix, number=number)

    def company_named(self, name: str) -> Company:
        return Company.objects.create(name=name, currency="MXN")

    def mercado_pago(self, practice: PracticeGateway) -> Gateway:
        return self.gateway(
            "mercadopago", "mp",
            settings={"base_url": practice.url, "timeout_s": 60},
            secrets={"access_token": practice.token, "signing_key": practice.key},
        )  # fmt: skip


def told(
    payment_id: str, amount: str, reference: str, status: str = "approved", **more: Any
) -> dict[str, Any]:
    return {
        "payment_id": payment_id, "status": status, "amount": amount, "currency": "MXN",
        "reference": reference, **more,
    }  # fmt: skip


def knock(
    client: Client,
    body: dict[str, Any],
    event_id: str,
    *,
    slug: str = "pasarela",
    key: str = KEY,
    stamp: int | None = None,
) -> int:
    """One notice by the door, as the network brings it; the status of the answer."""
    notice = standard_notice(
        "", key, body, event_id=event_id, stamp=stamp if stamp is not None else int(time.time())
    )
    return post(client, slug, notice.body, notice.headers)


def post(client: Client, slug: str, body: bytes, headers: dict[str, str], query: str = "") -> int:
    answer = client.post(
        f"/treasury/notices/{slug}/{query}", body, content_type="application/json", headers=headers
    )
    return answer.status_code


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
