"""Notices of gateways: only what is signed and sane gets through, and nothing else is raised."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caudal.core.ports.gateway import (
    Ask,
    GatewayError,
    GatewayFault,
    Links,
    Paid,
    PaymentStatus,
    RawNotice,
    moves_forward,
)
from caudal.integrations import manifest, manifests
from caudal.practice.gateway import signed_notice, standard_notice
from caudal.practice.gateway.notices import Sent

NOW = datetime(2026, 7, 5, 18, 0, tzinfo=UTC)
STAMP = int(NOW.timestamp())
TOLD = {
    "payment_id": "7001", "status": "approved", "amount": "300.00", "currency": "MXN",
    "reference": "000123", "paid_at": "2026-07-05T12:00:00-06:00",
}  # fmt: skip


def signed(secret: str = "key", **more: object) -> object:
    made = manifest("gateways", "signed")
    return made.connect(made.config(secret=secret, **more))


def mercado_pago() -> object:
    made = manifest("gateways", "mercadopago")
    return made.connect(made.config("TOKEN", "key", "http://127.0.0.1:9"))


def raw(sent: Sent) -> RawNotice:
    query = dict(part.split("=") for part in sent.url.partition("?")[2].split("&") if part)
    return RawNotice(sent.body, {k.lower(): v for k, v in sent.headers.items()}, query)


def refused(gateway: object, notice: RawNotice, now: datetime = NOW) -> GatewayFault:
    with pytest.raises(GatewayError) as caught:
        gateway.verify(notice, now)  # type: ignore[attr-defined]
    return caught.value.fault


def test_a_signed_notice_tells_its_payment_exactly() -> None:
    sent = standard_notice("", "key", TOLD, event_id="e1", stamp=STAMP)
    notice = signed().verify(raw(sent), NOW)  # type: ignore[attr-defined]
    paid_at = datetime(2026, 7, 5, 18, 0, tzinfo=UTC)
    assert notice.paid == Paid(
        "7001", PaymentStatus.APPROVED, Decimal("300.00"), "MXN", "000123", paid_at
    )
    assert (notice.event_id, notice.payment_id) == ("e1", "7001")


def test_keys_of_the_specification_are_read_and_several_signatures_tried() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    key = base64.b64decode(secret.removeprefix("whsec_"))
    sent = standard_notice("", "other", TOLD, event_id="e1", stamp=STAMP)
    mark = hmac.new(key, b"e1." + str(STAMP).encode() + b"." + sent.body, "sha256").digest()
    header = f"{sent.headers['webhook-signature']} v1,{base64.b64encode(mark).decode()}"
    notice = RawNotice(sent.body, {**sent.headers, "webhook-signature": header})
    assert signed(secret).verify(notice, NOW).payment_id == "7001"  # type: ignore[attr-defined]


@pytest.mark.parametrize("late", [-301, 301])
def test_a_notice_outside_of_its_window_is_a_replay(late: int) -> None:
    sent = standard_notice("", "key", TOLD, event_id="e1", stamp=STAMP)
    assert refused(signed(), raw(sent), NOW + timedelta(seconds=late)) == GatewayFault.FORGED


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "NaN"}, {"amount": "-1"}, {"amount": True}, {"amount": None}, {"amount": "x"},
        {"amount": "1e20"}, {"amount": "1.00001"}, {"status": "won"}, {"payment_id": ""},
        {"payment_id": "x" * 121}, {"payment_id": ["a"]}, {"currency": ""}, {"currency": "PESO"},
        {"paid_at": "yesterday"}, {"paid_at": "2026-07-05T12:00:00"}, {"refunded": "much"},
    ],
)  # fmt: skip
def test_what_is_signed_and_makes_no_sense_is_malformed(change: dict[str, object]) -> None:
    sent = standard_notice("", "key", {**TOLD, **change}, event_id="e1", stamp=STAMP)
    assert refused(signed(), raw(sent)) == GatewayFault.MALFORMED


def test_one_changed_byte_anywhere_is_forged() -> None:
    sent = standard_notice("", "key", TOLD, event_id="e1", stamp=STAMP)
    for place in range(0, len(sent.body), 7):
        body = bytearray(sent.body)
        body[place] ^= 1
        notice = RawNotice(bytes(body), sent.headers)
        assert refused(signed(), notice) == GatewayFault.FORGED
    for name in sent.headers:
        if name.startswith("webhook"):
            headers = {**sent.headers, name: sent.headers[name] + "1"}
            assert refused(signed(), RawNotice(sent.body, headers)) == GatewayFault.FORGED


def test_mercado_pago_signs_the_id_of_the_query_as_it_came() -> None:
    sent = signed_notice("/n", "key", "7001", event_id="90", stamp=STAMP)
    notice = mercado_pago().verify(raw(sent), NOW)  # type: ignore[attr-defined]
    assert (notice.event_id, notice.payment_id, notice.paid) == ("90", "7001", None)
    mixed = signed_notice("/n", "key", "AbC9", event_id="90", stamp=STAMP)
    assert mercado_pago().verify(raw(mixed), NOW).payment_id == "AbC9"  # type: ignore[attr-defined]
    other = RawNotice(sent.body, sent.headers, {"data.id": "7002"})
    assert refused(mercado_pago(), other) == GatewayFault.FORGED
    for name in ("x-request-id", "x-signature"):
        headers = {k: v for k, v in sent.headers.items() if k != name}
        missing = RawNotice(sent.body, headers, {"data.id": "7001"})
        assert refused(mercado_pago(), missing) == GatewayFault.FORGED


def test_mercado_pagos_other_topics_concern_no_payment() -> None:
    sent = signed_notice("/n", "key", "7001", event_id="90", stamp=STAMP)
    body = json.dumps({"id": 5, "type": "topic_merchant_order_wh"}).encode()
    notice = RawNotice(body, sent.headers, {"data.id": "7001"})
    assert mercado_pago().verify(notice, NOW).payment_id == ""  # type: ignore[attr-defined]


@given(
    body=st.binary(max_size=200),
    headers=st.dictionaries(
        st.sampled_from(
            ["webhook-id", "webhook-timestamp", "webhook-signature", "x-signature", "x-request-id"]
        ),
        st.text(max_size=60),
    ),
    query=st.dictionaries(st.sampled_from(["data.id", "type"]), st.text(max_size=30)),
)
def test_rubbish_raises_nothing_but_the_typed_error(
    body: bytes, headers: dict[str, str], query: dict[str, str]
) -> None:
    for gateway in (signed(), mercado_pago()):
        refused(gateway, RawNotice(body, headers, query))


@given(body=st.binary(max_size=120))
def test_signed_rubbish_is_malformed(body: bytes) -> None:
    sent = standard_notice("", "key", {}, event_id="e1", stamp=STAMP)
    mark = hmac.new(b"key", b"e1." + str(STAMP).encode() + b"." + body, "sha256").digest()
    headers = {**sent.headers, "webhook-signature": f"v1,{base64.b64encode(mark).decode()}"}
    assert refused(signed(), RawNotice(body, headers)) == GatewayFault.MALFORMED


@given(st.lists(st.sampled_from(list(PaymentStatus)), max_size=8))
def test_a_payment_ends_the_same_whatever_the_order_of_its_notices(
    told: list[PaymentStatus],
) -> None:
    def end(order: list[PaymentStatus]) -> bool:
        state = ""
        for status in order:
            state = status if moves_forward(state, status) else state
        return state in (PaymentStatus.REFUNDED, PaymentStatus.CHARGED_BACK, PaymentStatus.APPROVED)

    assert end(told) == end(told[::-1]) == end(sorted(told))


def test_links_of_a_template_hide_nothing_in_their_values() -> None:
    gateway = signed(link_template="https://pay.example/?r={reference}&a={amount}&t={title}")
    assert isinstance(gateway, Links)
    ask = Ask("a&b={amount}", "Ñandú", Decimal("300.00"), "MXN")
    assert gateway.link(ask) == (
        "https://pay.example/?r=a%26b%3D%7Bamount%7D&a=300.00&t=%C3%91and%C3%BA"
    )


def test_a_gateway_without_credentials_is_not_made() -> None:
    for made in manifests("gateways").values():
        with pytest.raises(GatewayError, match="bad-config"):
            made.connect(made.config())
