"""Sending over real SMTP: once, again after faults, never for ever, and without telling secrets."""

import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from caudal.apps.messaging import attachments, deliver
from caudal.apps.messaging.models import Delivery
from caudal.core import mail
from caudal.core.ports.channel import Message
from caudal.integrations import manifest

NOW = datetime(2026, 7, 28, 12, tzinfo=UTC)
PASSWORD = "no-one-may-read-this"


@dataclass
class Sink:
    """A mail server that keeps what it takes and refuses what it is told to."""

    mails: list = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.rcpt_tos[0], envelope.content.decode()))
        return "250 OK"


class Server(Controller):
    """aiosmtpd on a free port."""

    def start(self) -> int:
        super().start()
        return self.server.sockets[0].getsockname()[1]

    def _trigger_server(self) -> None:  # its own look at the port cannot know port 0
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def sink() -> Iterator[Sink]:
    yield from _served(Sink())


def _served(handler: Sink) -> Iterator[Sink]:
    server = Server(handler, hostname="127.0.0.1", port=0, ready_timeout=60)
    handler.port = server.start()
    yield handler
    server.stop()


def channel(port: int, **changes: object):
    made = manifest("channels", "smtp")
    sender = "Red Andina <avisos@redandina.example>"
    values = {"host": "127.0.0.1", "port": port, "sender": sender, "timeout_s": 60}
    return made.connect(made.config(**(values | changes)))


def leave(number: int = 1, to: str = "maria@correo.example", **fields: object) -> Delivery:
    values = {"subject": "Factura Ñ", "body": "Hola, María:\n", "created_at": NOW}
    return Delivery.objects.create(
        **({"key": f"invoice:{number}", "to": to, "next_try_at": NOW} | values | fields)
    )


@pytest.mark.django_db
def test_a_message_goes_out_with_its_words(sink: Sink) -> None:
    row = leave()
    assert deliver.deliver(NOW, "w1", channel(sink.port)).sent == 1
    row.refresh_from_db()
    assert (row.status, row.tries, row.lease_until) == ("sent", 1, None)
    to, text = sink.mails[0]
    assert to == "maria@correo.example"
    assert "From: Red Andina <avisos@redandina.example>" in text
    assert mail.message_id(row.key, "avisos@redandina.example") in text


@pytest.mark.django_db
def test_what_was_sent_is_not_sent_again(sink: Sink) -> None:
    leave()
    for _ in range(3):
        deliver.deliver(NOW, "w1", channel(sink.port))
    assert len(sink.mails) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_message_once(sink: Sink) -> None:
    for number in range(40):
        leave(number, f"c{number}@correo.example")

    def work(name: str) -> None:
        deliver.deliver(NOW, name, channel(sink.port))
        connection.close()

    workers = [threading.Thread(target=work, args=(f"w{n}",)) for n in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(to for to, _ in sink.mails) == sorted(f"c{n}@correo.example" for n in range(40))
    assert Delivery.objects.filter(status="sent", tries=1).count() == 40


@pytest.mark.django_db
def test_a_kill_after_the_send_repeats_one_message_that_can_be_recognised(sink: Sink) -> None:
    row = leave()

    class Killed(BaseException):
        pass

    inner = channel(sink.port)

    class Dies:
        def send(self, message: Message) -> None:
            inner.send(message)
            raise Killed

        def close(self) -> None:
            inner.close()

    with pytest.raises(Killed):
        deliver.deliver(NOW, "w1", Dies())
    assert deliver.deliver(NOW, "w2", channel(sink.port)).sent == 0  # the lease still holds
    assert deliver.deliver(NOW + deliver.LEASE * 2, "w2", channel(sink.port)).sent == 1
    assert deliver.deliver(NOW + timedelta(days=1), "w2", channel(sink.port)).sent == 0
    same = mail.message_id(row.key, "avisos@redandina.example")
    assert [same in text for _, text in sink.mails] == [True, True]


@pytest.mark.django_db
def test_a_server_that_is_down_delays_and_loses_nothing(sink: Sink, free_port: int) -> None:
    first, second = leave(1), leave(2)
    tally = deliver.deliver(NOW, "w1", channel(free_port))
    assert (tally.sent, tally.retried) == (
        0,
        1,
    )  # the pass ended at the first: the rest kept theirs
    first.refresh_from_db()
    second.refresh_from_db()
    assert timedelta(minutes=1) <= first.next_try_at - NOW < timedelta(minutes=2)
    assert "unreachable" in first.error and second.tries == 0
    assert deliver.deliver(NOW + timedelta(minutes=2), "w1", channel(sink.port)).sent == 2


@pytest.mark.django_db
def test_an_address_refused_for_good_is_given_up_at_once(sink: Sink) -> None:
    sink.refuse["maria@correo.example"] = "550 5.1.1 No such user here"
    row, other = leave(1), leave(2, "eva@correo.example")
    tally = deliver.deliver(NOW, "w1", channel(sink.port))
    row.refresh_from_db()
    other.refresh_from_db()
    assert (tally.sent, tally.failed) == (1, 1)
    assert (row.status, other.status) == ("failed", "sent")
    assert row.error == "address-refused: 550 5.1.1 No such user here"


@pytest.mark.django_db
def test_an_address_that_is_busy_is_tried_until_there_are_no_waits_left(sink: Sink) -> None:
    sink.refuse["maria@correo.example"] = "451 4.7.1 Greylisted, try again"
    row = leave()
    now = NOW
    for tries in range(1, len(deliver.WAITS) + 2):
        deliver.deliver(now, "w1", channel(sink.port))
        row.refresh_from_db()
        assert row.tries == tries
        now = row.next_try_at
    assert row.status == "failed" and row.error.startswith("busy: 451")


@pytest.mark.django_db
@pytest.mark.parametrize("to", ["no-es-un-correo", "a@b@c", "", "eva\n@x.example", "ñandú"])
def test_an_address_that_is_none_hurts_only_its_own_message(sink: Sink, to: str) -> None:
    bad, good = leave(1, to), leave(2)
    deliver.deliver(NOW, "w1", channel(sink.port))
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.status, good.status) == ("failed", "sent")


@pytest.mark.django_db
def test_documents_go_along_and_a_broken_one_hurts_only_its_own_message(sink: Sink) -> None:
    def make(number: int) -> attachments.Attachment:
        if number == 13:
            raise RuntimeError("no paper")
        return attachments.Attachment(f"factura-{number}.pdf", b"%PDF-1.7 test")

    attachments.register("test-paper", make)
    broken, fine = leave(1, attachment="test-paper:13"), leave(2, attachment="test-paper:7")
    deliver.deliver(NOW, "w1", channel(sink.port))
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.status, fine.status) == ("waiting", "sent")
    assert "factura-7.pdf" in sink.mails[0][1]


@pytest.mark.django_db
@pytest.mark.parametrize("broken", [False, True])
def test_documents_of_what_waits_are_made_together(sink: Sink, broken: bool) -> None:
    asked: list[list[int]] = []

    def make(number: int) -> attachments.Attachment:
        return attachments.Attachment(f"{number}.pdf", b"alone")

    def make_many(numbers: Sequence[int]) -> dict[int, attachments.Attachment]:
        asked.append(list(numbers))
        if broken:
            raise RuntimeError("no paper")
        return {n: attachments.Attachment(f"{n}.pdf", b"together") for n in numbers}

    attachments.register("many-papers", make, make_many)
    for number in range(4):
        leave(number, attachment=f"many-papers:{number}")
    assert deliver.deliver(NOW, "w1", channel(sink.port)).sent == 4
    assert asked == [[0, 1, 2, 3]]
    assert all(f"{n}.pdf" in text for n, (_to, text) in enumerate(sink.mails))


@pytest.mark.django_db
def test_neither_logs_nor_rows_hold_the_password(
    sink: Sink, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    row = leave()
    closed = channel(sink.port, username="avisos", password=PASSWORD)  # the sink knows no login
    with caplog.at_level(logging.DEBUG):
        deliver.deliver(NOW, "w1", closed)
    row.refresh_from_db()
    out, err = capfd.readouterr()
    assert row.status == "waiting" and row.error
    assert PASSWORD not in row.error + caplog.text + out + err + repr(closed)
    config = manifest("channels", "smtp").config(password=PASSWORD)
    assert PASSWORD not in repr(config)


@pytest.mark.django_db
def test_the_demo_keeps_mails_as_files(settings, tmp_path: Path) -> None:
    settings.MAIL_FOLDER = str(tmp_path / "mail")
    leave()
    assert deliver.deliver(NOW, "w1").sent == 1
    text = next((tmp_path / "mail").glob("*.eml")).read_text()
    assert "To: maria@correo.example" in text


@pytest.mark.django_db
def test_settings_choose_the_server(settings, sink: Sink) -> None:
    settings.MAIL_FOLDER = ""
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    leave()
    assert deliver.deliver(NOW, "w1").sent == 1
    assert len(sink.mails) == 1
