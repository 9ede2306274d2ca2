"""Mercado Pago's notices checked, its payments read, its links made."""

import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any

import httpx

from caudal.core.ports.gateway import (
    Ask,
    GatewayError,
    GatewayFault,
    Notice,
    Paid,
    PaymentStatus,
    RawNotice,
)

STATUSES = {
    "pending": PaymentStatus.PENDING,
    "in_process": PaymentStatus.PENDING,
    "authorized": PaymentStatus.PENDING,
    "approved": PaymentStatus.APPROVED,
    "in_mediation": PaymentStatus.APPROVED,
    "rejected": PaymentStatus.REJECTED,
    "cancelled": PaymentStatus.REJECTED,
    "refunded": PaymentStatus.REFUNDED,
    "charged_back": PaymentStatus.CHARGED_BACK,
}
"""Mercado Pago's words for ours. In mediation the money is still ours until it is charged back."""
PAYMENT = "payment"


class MercadoPago:
    """One account. A notice carries only the payment's id: what it says is asked for with the
    token, so that a notice sent again, in whatever order, can only tell the truth of the moment;
    that is why its time stamp needs no window."""

    def __init__(self, access_token: str, signing_key: str, base_url: str, timeout_s: int) -> None:
        if not (access_token and signing_key):
            raise GatewayError(GatewayFault.BAD_CONFIG, permanent=True, detail="no credentials")
        self._token, self._signing_key = access_token, signing_key.encode()
        self._base_url, self._timeout_s = base_url, timeout_s

    def verify(self, raw: RawNotice, now: datetime) -> Notice:
        """x-signature is "ts=...,v1=..."; v1 is the HMAC-SHA256 in hex of the manifest
        "id:<data.id of the query>;request-id:<x-request-id>;ts:<ts>;", parts without a value
        left out. The id goes in as it came: the official libraries stopped folding its case in
        June 2026 (github.com/mercadopago/sdk-python pull 118)."""
        signature = dict(
            part.strip().partition("=")[::2]
            for part in raw.headers.get("x-signature", "").split(",")
        )
        named = raw.query.get("data.id", "")
        parts = {
            "id": named,
            "request-id": raw.headers.get("x-request-id", ""),
            "ts": signature.get("ts", ""),
        }
        manifest = "".join(f"{name}:{value};" for name, value in parts.items() if value)
        expected = hmac.new(self._signing_key, manifest.encode(), sha256).hexdigest()
        given = signature.get("v1", "")
        is_genuine = hmac.compare_digest(expected.encode(), given.encode())
        if not (parts["ts"] and parts["request-id"] and is_genuine):
            raise GatewayError(GatewayFault.FORGED, detail="wrong signature")
        told = _object(raw.body)
        kind = str(told.get("type") or raw.query.get("type", ""))
        event_id = str(told.get("id") or parts["request-id"])
        if len(event_id) > 150 or not event_id.isprintable():
            raise GatewayError(GatewayFault.MALFORMED, detail="id of the notice")
        if kind != PAYMENT:
            return Notice(event_id, "")
        if not re.fullmatch(r"\w{1,100}", named):
            raise GatewayError(GatewayFault.MALFORMED, detail="data.id")
        return Notice(event_id, named)

    def fetch(self, payment_id: str) -> Paid:
        """GET /v1/payments/{id}."""
        if not re.fullmatch(r"\w{1,100}", payment_id):
            raise GatewayError(GatewayFault.MALFORMED, permanent=True, detail="payment id")
        told = self._ask("GET", f"/v1/payments/{payment_id}")
        try:
            return _paid(payment_id, told)
        except (KeyError, TypeError, ValueError, InvalidOperation) as error:
            raise GatewayError(
                GatewayFault.MALFORMED, permanent=True, detail=f"payment: {error}"[:200]
            ) from error

    def link(self, ask: Ask) -> str:
        """POST /checkout/preferences; the answer's init_point is where the customer pays."""
        item = {
            "title": ask.title,
            "quantity": 1,
            "currency_id": ask.currency,
            # Their API takes a JSON number; up to 15 digits it is written as the amount was.
            "unit_price": float(ask.amount),
        }
        wanted: dict[str, Any] = {"items": [item], "external_reference": ask.reference}
        if ask.notify_url:
            wanted["notification_url"] = ask.notify_url
        told = self._ask("POST", "/checkout/preferences", wanted, ask.reference)
        address = told.get("init_point")
        if not isinstance(address, str) or not address.startswith(("https://", "http://")):
            raise GatewayError(GatewayFault.MALFORMED, detail="no init_point")
        return address

    def check(self) -> str:
        """GET /users/me: whose token it is."""
        told = self._ask("GET", "/users/me")
        return str(told.get("nickname") or told.get("email") or told.get("id") or "")

    def _ask(
        self, method: str, path: str, content: dict[str, Any] | None = None, once: str = ""
    ) -> Mapping[str, Any]:
        """One request; `once` names it, so that Mercado Pago does it once however often sent."""
        headers = {"Authorization": f"Bearer {self._token}"}
        if once:
            headers["X-Idempotency-Key"] = once
        try:
            answer = httpx.request(
                method,
                f"{self._base_url}{path}",
                json=content,
                headers=headers,
                timeout=self._timeout_s,
                follow_redirects=False,
            )
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise GatewayError(GatewayFault.UNREACHABLE, detail=type(error).__name__) from error
        _require_ok(answer.status_code)
        return _object(answer.content)


def _require_ok(status: int) -> None:
    if status in (200, 201):
        return
    if status in (401, 403):
        raise GatewayError(GatewayFault.LOGIN_REFUSED, detail=str(status))
    if status == 404:
        raise GatewayError(GatewayFault.NOT_FOUND, detail=str(status))
    fault = GatewayFault.REFUSED if 400 <= status < 500 else GatewayFault.UNREACHABLE
    raise GatewayError(fault, permanent=status == 400, detail=str(status))


def _object(content: bytes) -> Mapping[str, Any]:
    try:
        told = json.loads(content, parse_float=Decimal)
    except (ValueError, RecursionError):
        raise GatewayError(GatewayFault.MALFORMED, detail="not JSON") from None
    if not isinstance(told, Mapping):
        raise GatewayError(GatewayFault.MALFORMED, detail="not an object")
    return told


def _paid(payment_id: str, told: Mapping[str, Any]) -> Paid:
    if str(told["id"]) != payment_id:
        raise ValueError("another payment")
    amount = Decimal(told["transaction_amount"])
    refunded = Decimal(told.get("transaction_amount_refunded") or 0)
    approved = told.get("date_approved")
    if not (amount.is_finite() and refunded.is_finite() and 0 <= refunded <= amount < 10**9):
        raise ValueError("amounts")
    return Paid(
        payment_id=payment_id,
        status=STATUSES[str(told["status"])],
        amount=amount,
        currency=str(told["currency_id"])[:3],
        reference=str(told.get("external_reference") or "")[:120],
        paid_at=datetime.fromisoformat(approved) if approved else None,
        refunded=refunded,
    )
