"""From a message to a mail."""

from datetime import UTC, datetime

import pytest

from caudal.core.mail import as_mail, message_id
from caudal.core.ports.channel import ChannelError, ChannelFault, Message, Part

SENDER = "Red Andina <avisos@redandina.example>"


def test_the_same_key_has_one_message_id() -> None:
    assert message_id("invoice:1", SENDER) == message_id("invoice:1", SENDER)
    assert message_id("invoice:1", SENDER) != message_id("invoice:2", SENDER)
    assert message_id("k", SENDER).endswith("@redandina.example>")
    assert message_id("k", "nobody").endswith("@localhost>")


def test_documents_go_along() -> None:
    part = Part("factura.pdf", b"%PDF", "application/pdf")
    at = datetime(2026, 7, 5, 18, tzinfo=UTC)
    mail = as_mail(Message("k", "eva@x.example", "Factura Ñ", "Hola\n", (part,)), SENDER, at)
    assert mail["Date"] == "Sun, 05 Jul 2026 18:00:00 +0000"
    assert [p.get_filename() for p in mail.iter_attachments()] == ["factura.pdf"]


def test_without_an_hour_the_date_is_left_to_the_server() -> None:
    assert as_mail(Message("k", "eva@x.example", "-", "-"), SENDER)["Date"] is None


@pytest.mark.parametrize("to", ["", "eva", "a@b@c", "eva@", "eva\n@x.example"])
def test_what_is_no_address_is_refused_for_good(to: str) -> None:
    with pytest.raises(ChannelError) as refused:
        as_mail(Message("k", to, "-", "-"), SENDER)
    assert refused.value.permanent
    assert refused.value.fault is ChannelFault.ADDRESS_REFUSED


def test_an_error_tells_its_fault() -> None:
    assert str(ChannelError(ChannelFault.BUSY)) == "busy"
    assert str(ChannelError(ChannelFault.BUSY, detail="451 later")) == "busy: 451 later"
