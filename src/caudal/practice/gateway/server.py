"""The practice gateway on a real socket: preferences, payments, a page to pay at, notices."""

import json
import re
import threading
import time
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from caudal.practice.gateway.notices import Sent, signed_notice

HOST = "127.0.0.1"
PAGE = """<!doctype html><meta charset="utf-8"><title>Pasarela de práctica</title>
<body style="font-family:sans-serif;max-width:26rem;margin:4rem auto">
<h1>Pasarela de práctica</h1><p>{title}</p><p style="font-size:2rem">{amount} {currency}</p>
{rest}</body>"""
FORM = '<form method="post"><button style="font-size:1.2rem">Pagar</button></form>'
DONE = "<p>Pago aprobado. Ya puede cerrar esta página.</p>"


@dataclass
class Payment:
    """A payment at the gateway; `status` as Mercado Pago words it."""

    id: str
    amount: Decimal
    currency: str
    reference: str
    status: str = "approved"
    refunded: Decimal = Decimal(0)
    notify_url: str = ""
    approved_at: str = ""

    def told(self) -> dict[str, Any]:
        return {
            "id": int(self.id),
            "status": self.status,
            "transaction_amount": float(self.amount),
            "transaction_amount_refunded": float(self.refunded),
            "currency_id": self.currency,
            "external_reference": self.reference,
            "date_approved": self.approved_at or None,
        }


class PracticeGateway:
    """Listens on this machine only; `with` starts and ends it.

    `pay` and the others change a payment and leave its notice in `outbox`; `deliver` sends what
    waits there, in the order and as often as asked. With `is_prompt` every change is told at once.
    """

    def __init__(
        self,
        *,
        token: str = "PRACTICE-TOKEN",
        key: str = "practice-key",
        port: int = 0,
        is_prompt: bool = False,
        notify_url: str = "",
    ) -> None:
        self.token, self.key = token, key
        self.is_prompt, self.notify_url = is_prompt, notify_url
        self.preferences: dict[str, dict[str, Any]] = {}
        self.payments: dict[str, Payment] = {}
        self.outbox: list[Sent] = []
        self.answers: list[int] = []
        """What each delivered notice was answered."""
        self.is_down = False
        self._ids, self._events = count(7001), count(90001)
        self._once: dict[str, str] = {}
        self._server = ThreadingHTTPServer(
            (HOST, port), type("Mine", (Handler,), {"gateway": self})
        )
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def __enter__(self) -> "PracticeGateway":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def prefer(self, wanted: dict[str, Any], once: str = "") -> dict[str, Any]:
        """A link, as POST /checkout/preferences makes it; the same `once` is the same link."""
        name = self._once.get(once) or f"pref-{len(self.preferences) + 1}"
        if once:
            self._once[once] = name
        address = f"{self.url}/checkout/start?pref_id={name}"
        self.preferences.setdefault(name, {**wanted, "id": name, "init_point": address})
        return self.preferences[name]

    def pay(
        self,
        reference: str,
        amount: str | Decimal,
        *,
        currency: str = "MXN",
        status: str = "approved",
        notify_url: str = "",
        approved_at: str = "",
    ) -> Payment:
        """Somebody pays; `reference` is the link's."""
        made = Payment(
            str(next(self._ids)), Decimal(amount), currency, reference, status,
            notify_url=notify_url or self.notify_url, approved_at=approved_at,
        )  # fmt: skip
        self.payments[made.id] = made
        self.tell(made.id, action="created")
        return made

    def change(self, payment_id: str, status: str, refunded: str = "") -> None:
        """It is approved, refunded, charged_back ... ; or a part of it is given back."""
        row = self.payments[payment_id]
        row.status = status
        if status in ("refunded", "charged_back"):
            row.refunded = row.amount
        if refunded:
            row.refunded = Decimal(refunded)
        self.tell(payment_id)

    def tell(self, payment_id: str, *, event_id: str = "", action: str = "updated") -> Sent:
        """Leave a notice; another one, or with `event_id` the same one again."""
        notice = signed_notice(
            self.payments[payment_id].notify_url,
            self.key,
            payment_id,
            event_id=event_id or str(next(self._events)),
            stamp=int(time.time() * 1000),
            action=action,
        )
        self.outbox.append(notice)
        if self.is_prompt:
            self.deliver()
        return notice

    def deliver(self, *, times: int = 1, backwards: bool = False) -> list[int]:
        """Send all notices that wait, each `times` times; what they were answered."""
        waiting, self.outbox = self.outbox, []
        answers = [
            notice.post()
            for notice in (reversed(waiting) if backwards else waiting)
            if urlsplit(notice.url).netloc
            for _ in range(times)
        ]
        self.answers += answers
        return answers


class Handler(BaseHTTPRequestHandler):
    """What the gateway answers by HTTP."""

    gateway: PracticeGateway
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/checkout/start":
            self._page(address.query)
        elif self._may():
            status, told = _read(self.gateway, address.path)
            self._answer(status, told)

    def do_POST(self) -> None:
        address = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if address.path == "/checkout/start":
            self._page(address.query, is_paid=True)
        elif self._may() and address.path == "/checkout/preferences":
            once = self.headers.get("X-Idempotency-Key", "")
            self._answer(201, self.gateway.prefer(json.loads(body), once))

    def _may(self) -> bool:
        if self.gateway.is_down:
            self._answer(500, {"message": "down"})
        elif self.headers.get("Authorization") != f"Bearer {self.gateway.token}":
            self._answer(401, {"message": "invalid access token", "status": 401})
        else:
            return True
        return False

    def _page(self, query: str, *, is_paid: bool = False) -> None:
        wanted = self.gateway.preferences.get(parse_qs(query).get("pref_id", [""])[0])
        if wanted is None:
            self._answer(404, {"message": "no such preference"})
            return
        item = wanted["items"][0]
        amount, currency = f"{Decimal(str(item['unit_price'])):.2f}", item["currency_id"]
        if is_paid:
            self.gateway.pay(
                wanted["external_reference"], amount, currency=currency,
                notify_url=wanted.get("notification_url", ""),
            )  # fmt: skip
        page = PAGE.format(
            title=escape(item["title"]), amount=amount, currency=escape(currency),
            rest=DONE if is_paid else FORM,
        )  # fmt: skip
        self._send(200, "text/html; charset=utf-8", page.encode())

    def _answer(self, status: int, told: dict[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(told).encode())

    def _send(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: whoever practises looks at `answers`."""


def _read(gateway: PracticeGateway, path: str) -> tuple[int, dict[str, Any]]:
    if path == "/users/me":
        return 200, {"id": 1, "nickname": "PRACTICA"}
    found = re.fullmatch(r"/v1/payments/(\w+)", path)
    if found and found[1] in gateway.payments:
        return 200, gateway.payments[found[1]].told()
    return 404, {"message": "not found", "status": 404}
