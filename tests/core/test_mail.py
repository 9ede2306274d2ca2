"""Messages become mails that are the same at every try and reach nobody by accident."""

from datetime import UTC, datetime

import pytest

from caudal.core.mail import as_mail, message_id
from caudal.core.ports.channel import ChannelError, ChannelFault, Message, Part

AT = datetime(2026, 7, 5, 18, 0, tzinfo=UTC)


def message(to: str = "ana@example.net", parts: tuple[Part, ...] = ()) -> Message:
    return Message("invoice:7", to, "Factura A-1", "Hola, Ñandú 🙂", parts)


def test_a_mail_says_who_to_whom_what_and_when() -> None:
    mail = as_mail(message(), "Caudal <panel@example.org>", AT)
    assert (mail["To"], mail["Subject"]) == ("ana@example.net", "Factura A-1")
    assert mail["From"] == "Caudal <panel@example.org>"
    assert mail["Date"] == "Sun, 05 Jul 2026 18:00:00 +0000"
    assert mail.get_content().strip() == "Hola, Ñandú 🙂"


def test_the_same_message_is_the_same_mail_at_every_try() -> None:
    first, second = (as_mail(message(), "panel@example.org") for _ in range(2))
    assert first.as_bytes() == second.as_bytes()
    assert first["Date"] is None
    assert first["Message-ID"] == message_id("invoice:7", "panel@example.org")
    assert message_id("invoice:8", "panel@example.org") != first["Message-ID"]


def test_a_sender_without_a_domain_still_makes_an_id() -> None:
    assert message_id("invoice:7", "").endswith("@localhost>")


def test_documents_go_along_under_their_names() -> None:
    part = Part("factura-A-1.pdf", b"%PDF-1.7", "application/pdf")
    (attached,) = as_mail(message(parts=(part,)), "panel@example.org").iter_attachments()
    assert attached.get_filename() == "factura-A-1.pdf"
    assert attached.get_content() == b"%PDF-1.7"
    assert attached.get_content_type() == "application/pdf"


@pytest.mark.parametrize("to", ["", "ana", "ana@", "a b@example.net", "a@b\nBcc: c@d.e", "@x"])
def test_an_address_that_no_mail_can_be_written_to_is_refused_for_good(to: str) -> None:
    with pytest.raises(ChannelError) as caught:
        as_mail(message(to), "panel@example.org")
    assert (caught.value.fault, caught.value.permanent) == (ChannelFault.ADDRESS_REFUSED, True)


def test_an_error_of_a_channel_tells_what_the_other_side_said() -> None:
    assert str(ChannelError(ChannelFault.BUSY)) == "busy"
    assert str(ChannelError(ChannelFault.BUSY, detail="451 later")) == "busy: 451 later"
