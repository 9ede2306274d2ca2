"""Signed notices checked and read; nothing is asked of the other side."""

import base64
import binascii
import hmac
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from caudal.core.ports.gateway import (
    Ask,
    GatewayError,
    GatewayFault,
    Notice,
    Paid,
    PaymentStatus,
    RawNotice,
)

PREFIX = "whsec_"
ID, TIME, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


class Signed:
    """Headers webhook-id, webhook-timestamp and webhook-signature ("v1,<base64>", several apart by
    spaces while keys change): HMAC-SHA256 of "<id>.<timestamp>.<body>".

    Source: https://github.com/standard-webhooks/standard-webhooks (specification, section on
    symmetric signatures).
    """

    def __init__(self, secret: str, window_s: int, link_template: str) -> None:
        self._key = _key(secret)
        self._window_s = window_s
        self._link_template = link_template

    def verify(self, raw: RawNotice, now: datetime) -> Notice:
        event_id, stamp = raw.headers.get(ID, ""), raw.headers.get(TIME, "")
        if not (0 < len(event_id) <= 150 and stamp.isascii() and stamp.isdigit()):
            raise GatewayError(GatewayFault.FORGED, detail="headers missing")
        signed = b".".join((event_id.encode(), stamp.encode(), raw.body))
        expected = hmac.new(self._key, signed, sha256).digest()
        given = _signatures(raw.headers.get(SIGNATURE, ""))
        if not any([hmac.compare_digest(expected, each) for each in given]):
            raise GatewayError(GatewayFault.FORGED, detail="wrong signature")
        if abs(now.timestamp() - int(stamp[:15])) > self._window_s:
            raise GatewayError(GatewayFault.FORGED, detail="too old, or of the future")
        paid = read_paid(raw.body)
        return Notice(event_id, paid.payment_id, paid)

    def link(self, ask: Ask) -> str:
        if not self._link_template:
            raise GatewayError(GatewayFault.BAD_CONFIG, permanent=True, detail="no link template")
        values = {
            "reference": ask.reference,
            "amount": f"{ask.amount:f}",
            "currency": ask.currency,
            "title": ask.title,
        }
        made = self._link_template
        for name, value in values.items():
            made = made.replace(f"{{{name}}}", quote(value, safe=""))
        return made


def _key(secret: str) -> bytes:
    """The specification keeps keys in base64 after "whsec_"; any other text is the key itself."""
    if not secret:
        raise GatewayError(GatewayFault.BAD_CONFIG, permanent=True, detail="no secret")
    if not secret.startswith(PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise GatewayError(
            GatewayFault.BAD_CONFIG, permanent=True, detail="secret is not base64"
        ) from None


def _signatures(header: str) -> Iterator[bytes]:
    for part in header.split()[:10]:
        version, _comma, text = part.partition(",")
        if version == "v1":
            try:
                yield base64.b64decode(text, validate=True)
            except (binascii.Error, ValueError):
                continue


def read_paid(body: bytes) -> Paid:
    """The payment that a body tells of. Raises GatewayError MALFORMED."""
    try:
        told = json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
        if not isinstance(told, Mapping):
            raise ValueError("not an object")
        return Paid(
            payment_id=_text(told, "payment_id", 120, needed=True),
            status=PaymentStatus(_text(told, "status", 20)),
            amount=_amount(told, "amount"),
            currency=_text(told, "currency", 3, needed=True).upper(),
            reference=_text(told, "reference", 120),
            paid_at=_instant(_text(told, "paid_at", 40)),
            refunded=_amount(told, "refunded") if told.get("refunded") is not None else Decimal(0),
        )
    except (ValueError, InvalidOperation, RecursionError) as error:
        raise GatewayError(GatewayFault.MALFORMED, detail=str(error)[:200]) from error


def _text(told: Mapping[str, Any], name: str, longest: int, *, needed: bool = False) -> str:
    value = told.get(name, "")
    text = "" if value is None else str(value).strip()
    if not isinstance(value, str | int | type(None)) or len(text) > longest or "\0" in text:
        raise ValueError(f"{name} is not a short text")
    if needed and not text:
        raise ValueError(f"{name} is missing")
    return text


def _amount(told: Mapping[str, Any], name: str) -> Decimal:
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError(f"{name} is not an amount")
    amount = Decimal(value)
    if not amount.is_finite() or not 0 <= amount < 10**9 or amount != round(amount, 4):
        raise ValueError(f"{name} is not an amount")
    return amount


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("paid_at has no time zone")
    return moment


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")
