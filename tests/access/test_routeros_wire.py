"""The connection to a router: words, pipeline, logins, TLS, and every way to lose it."""

import hashlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from caudal.core.ports.access import AccessError, AccessFault
from caudal.integrations.access.routeros.pace import Pace
from caudal.integrations.access.routeros.wire import (
    Endpoint,
    Wire,
    chunks,
    command,
    connect,
    decode_text,
    encode,
)
from caudal.practice.routeros import V6, V6_OLD_LOGIN, V7, V7_NEW, PracticeRouter, Tls


def endpoint(port: int, *, tls: bool = False, fingerprint: str = "", timeout_s: float = 30):
    return Endpoint("127.0.0.1", port, tls, fingerprint, timeout_s)


def open_to(router: PracticeRouter, **about: float) -> Wire:
    return connect(endpoint(router.port, **about), "admin", "practica")


@contextmanager
def says(data: bytes) -> Iterator[Wire]:
    """A wire to something that says these bytes and hangs up."""
    here, there = socket.socketpair()

    def say() -> None:
        there.sendall(data)
        there.shutdown(socket.SHUT_WR)

    thread = threading.Thread(target=say)
    thread.start()
    wire = Wire(here)
    yield wire
    thread.join()
    wire.close()
    there.close()


@pytest.mark.parametrize("size", [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152])
def test_words_of_any_length_arrive(size):
    sentence = encode(["!re", "=x=" + "a" * size, ".tag=1"]) + encode(["!done", ".tag=1"])
    with says(b"\x00" + sentence) as wire:
        (reply,) = wire.talk([["/x"]])
    assert reply.rows == [{"x": "a" * size}]
    assert reply.ok


def test_the_longest_lengths_are_five_bytes():
    data = b"\xf0\x00\x00\x00\x05!done\x06.tag=1\x00"
    with says(data) as wire:
        assert wire.talk([["/x"]])[0].ok


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"\xf8", AccessFault.PROTOCOL),
        (encode(["!re", ".tag=9"]), AccessFault.PROTOCOL),
        (encode(["!re", ".tag=1"]), AccessFault.CONNECTION_LOST),
        (encode(["!re", "=a=1", ".tag=1"])[:6], AccessFault.CONNECTION_LOST),
        (encode(["!fatal", "session terminated"]), AccessFault.CONNECTION_LOST),
        (b"", AccessFault.CONNECTION_LOST),
    ],
)
def test_a_talk_that_breaks_off_marks_what_was_lost(data, fault):
    with says(data) as wire:
        (reply,) = wire.talk([["/x"]])
        assert not reply.ok
        assert reply.lost
        assert reply.lost.fault is fault
        assert wire.closed
        (again,) = wire.talk([["/x"]])
        assert again.lost


def test_an_error_is_known_by_its_text_and_ended_by_done():
    data = encode(["!trap", "=category=1", "=message=no such item", ".tag=1"])
    with says(data + encode(["!done", ".tag=1"])) as wire:
        (reply,) = wire.talk([["/x"]])
    assert (reply.ok, reply.done, reply.trap) == (False, True, "no such item")


def test_nothing_found_is_said_in_two_ways():
    for words in ([], [["!empty", ".tag=1"]]):
        data = b"".join(encode(word) for word in [*words, ["!done", ".tag=1"]])
        with says(data) as wire:
            (reply,) = wire.talk([["/x"]])
        assert (reply.ok, reply.rows) == (True, [])


def test_text_is_utf8_or_what_old_windows_tools_wrote():
    assert decode_text("Peña".encode()) == "Peña"
    assert decode_text("Peña – €".encode("cp1252")) == "Peña – €"
    assert decode_text("Plan Básico".encode() + "Peña".encode("cp1252")) == "Plan BásicoPeña"
    assert decode_text(b"\x81") == "\N{REPLACEMENT CHARACTER}"


def test_values_stay_text():
    with PracticeRouter(V7) as router:
        router.put("/ppp/secret", name="no", password="0123")
        wire = open_to(router)
        (reply,) = wire.talk([command("/ppp/secret/print")])
        wire.close()
    assert (reply.rows[0]["name"], reply.rows[0]["password"]) == ("no", "0123")


@pytest.mark.parametrize("version", [V6_OLD_LOGIN, V6, V7, V7_NEW])
def test_both_logins_are_found_out_alone(version):
    with PracticeRouter(version, password="contraseña") as router:
        wire = connect(endpoint(router.port), "admin", "contraseña")
        assert wire.talk([command("/system/identity/print")])[0].ok
        wire.close()
        with pytest.raises(AccessError) as caught:
            connect(endpoint(router.port), "admin", "otra")
    assert caught.value.fault is AccessFault.LOGIN_REFUSED
    assert caught.value.permanent


def test_a_connection_lost_while_logging_in_may_be_tried_again():
    with PracticeRouter(V7) as router:
        router.faults.plan("drop", "/login")
        with pytest.raises(AccessError) as caught:
            open_to(router)
    assert caught.value.fault is AccessFault.CONNECTION_LOST
    assert not caught.value.permanent


def test_a_router_that_is_off_is_unreachable():
    with PracticeRouter(V7) as router:
        router.power_off()
        with pytest.raises(AccessError) as caught:
            open_to(router)
    assert caught.value.fault is AccessFault.UNREACHABLE


def test_a_router_that_never_answers_is_given_up():
    with PracticeRouter(V7) as router:
        wire = open_to(router, timeout_s=1)
        router.faults.plan("hang", "/ppp/secret")
        first, second = wire.talk([command("/ppp/secret/print"), command("/ppp/active/print")])
    assert first.lost
    assert first.lost.fault is AccessFault.TIMED_OUT
    assert second.ok


def test_a_host_that_does_not_answer_at_all_is_unreachable():
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        with pytest.raises(AccessError) as caught:
            connect(endpoint(port, timeout_s=0.2), "a", "b")
        for filler in fillers:
            filler.close()
    assert caught.value.fault in (AccessFault.UNREACHABLE, AccessFault.TIMED_OUT)


@pytest.mark.parametrize("kind", list(Tls))
def test_tls_works_with_the_routers_own_certificate_and_without_any(kind):
    with PracticeRouter(V7, tls=kind) as router:
        wire = open_to(router, tls=True)
        assert wire.talk([command("/system/identity/print")])[0].ok
        wire.close()


def test_a_pinned_certificate_must_be_that_one():
    with PracticeRouter(V7, tls=Tls.CERTIFICATE) as router:
        shown = ssl.get_server_certificate(("127.0.0.1", router.port))
        right = hashlib.sha256(ssl.PEM_cert_to_DER_cert(shown)).hexdigest()
        pairs = ":".join(chunks(right.upper(), 2))
        connect(endpoint(router.port, tls=True, fingerprint=pairs), "admin", "practica").close()
        with pytest.raises(AccessError) as caught:
            connect(endpoint(router.port, tls=True, fingerprint="00" * 32), "admin", "practica")
    assert (caught.value.fault, caught.value.permanent) == (AccessFault.TLS_FAILED, True)


def test_tls_asked_of_a_port_without_tls_fails_as_such():
    with PracticeRouter(V7) as router, pytest.raises(AccessError) as caught:
        open_to(router, tls=True, timeout_s=1)
    assert caught.value.fault is AccessFault.TLS_FAILED


def test_commands_travel_together():
    here, there = socket.socketpair()
    asked = 32

    def answer_when_all_are_there() -> None:
        heard = b""
        while heard.count(b".tag=") < asked:
            heard += there.recv(65536)
        for tag in range(1, asked + 1):
            there.sendall(encode(["!done", f".tag={tag}"]))

    thread = threading.Thread(target=answer_when_all_are_there, daemon=True)
    thread.start()
    here.settimeout(20)
    wire = Wire(here)
    replies = wire.talk([command("/system/identity/print")] * asked)
    thread.join()
    wire.close()
    there.close()
    assert all(reply.ok for reply in replies)


def test_answers_find_their_questions_whatever_the_order():
    here, there = socket.socketpair()

    def answer() -> None:
        heard = b""
        while heard.count(b".tag=") < 2:
            heard += there.recv(4096)
        for tag in ("2", "1"):
            there.sendall(encode(["!re", f"=n={tag}", f".tag={tag}"]))
            there.sendall(encode(["!done", f".tag={tag}"]))

    thread = threading.Thread(target=answer)
    thread.start()
    wire = Wire(here)
    replies = wire.talk([["/a"], ["/b"]])
    thread.join()
    wire.close()
    there.close()
    assert [reply.rows for reply in replies] == [[{"n": "1"}], [{"n": "2"}]]


def test_more_is_sent_at_once_only_to_a_router_that_keeps_up():
    quick, busy, drowned = Pace(), Pace(), Pace()
    for _ in range(48 + 96):
        quick.answered(0.010)
    assert quick.window == 192
    for _ in range(192 + 256):
        quick.answered(0.012)
    assert quick.window == 256
    for n in range(48):
        busy.answered(0.010 + n * 0.001)
    assert busy.window == 48
    for n in range(256):
        quick.answered(0.010 + n * 0.001)
    assert quick.window == 128
    for n in range(48):
        drowned.answered(0.001 + n)
    assert drowned.window == 48
