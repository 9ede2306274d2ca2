"""The RouterOS API on a socket: sentences, both ways to log in, tags and a pipeline."""

import hashlib
import socket
import ssl
import time
from codecs import register_error
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from caudal.core.ports.access import AccessError, AccessFault
from caudal.integrations.access.routeros.pace import Pace

_CONTROL = 0xF8  # lengths from here on are reserved: the only safe answer is to stop
LONGEST = 64 * 1024 * 1024
"""Bytes of a word. No router says more in one; a longer length is a stream out of step."""
_SIZES = ((0x80, 1, 0x00), (0x4000, 2, 0x80), (0x200000, 3, 0xC0), (0x10000000, 4, 0xE0))
Sentence = Sequence[str]


@dataclass(slots=True)
class Reply:
    """Everything one command answered.

    `trap` is the router's error text. `lost` is set when the connection ended before `!done`: the
    command may or may not have been carried out.
    """

    rows: list[dict[str, str]] = field(default_factory=list)
    ret: str = ""
    trap: str | None = None
    done: bool = False
    lost: AccessError | None = None
    sent_at: float = 0.0

    @property
    def ok(self) -> bool:
        return self.done and self.trap is None


def command(path: str, values: Mapping[str, str] | None = None, *words: str) -> list[str]:
    """A command sentence: `path`, `=name=value` for each value, further words as they are."""
    return [path, *(f"={name}={value}" for name, value in (values or {}).items()), *words]


def encode(sentence: Sentence) -> bytes:
    parts = []
    for word in sentence:
        data = word.encode("utf-8")
        parts += [_encode_length(len(data)), data]
    return b"".join([*parts, b"\x00"])


def _encode_length(size: int) -> bytes:
    for limit, width, prefix in _SIZES:
        if size < limit:
            return (size | prefix << 8 * (width - 1)).to_bytes(width, "big")
    return b"\xf0" + size.to_bytes(4, "big")


def decode_text(data: bytes) -> str:
    """Winbox 3 stored names in the Windows code page, later tools in UTF-8; one text, such as an
    export, may hold both."""
    return data.decode("utf-8", _BY_WINBOX)


def _by_winbox(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


_BY_WINBOX = "caudal-winbox"
register_error(_BY_WINBOX, _by_winbox)


class Wire:
    """One logged-in connection. After an error it is closed and of no further use."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = bytearray()
        self._at = 0
        self._tag = 0
        self._pace = Pace()
        self._ended: AccessError | None = None

    @property
    def closed(self) -> bool:
        return self._ended is not None

    def close(self, why: AccessError | None = None) -> None:
        """Whatever is asked afterwards is lost for the reason of the first closing."""
        self._ended = self._ended or why or AccessError(AccessFault.CONNECTION_LOST)
        self._sock.close()

    def talk(self, sentences: Sequence[Sentence]) -> list[Reply]:
        """Run commands, several under way at a time; one reply each, in the order asked.

        Never raises: when the connection fails, what was not answered is marked lost.
        """
        replies = [Reply() for _ in sentences]
        waiting = deque(enumerate(sentences))
        running: dict[str, Reply] = {}
        self._pace.begin()
        try:
            while waiting or running:
                while waiting and len(running) < self._pace.window:
                    self._send(waiting, replies, running)
                self._take(self._read_sentence(), running)
        except AccessError as error:
            self.close(error)
            for reply in replies:
                if not reply.done:
                    reply.lost = error
        return replies

    def follow(self, sentence: Sentence) -> Iterator[dict[str, str]]:
        """Rows of one command as they come, for what takes long. Raises AccessError.

        Nothing else may be asked meanwhile. Who stops listening early has lost the connection.
        """
        reply = Reply()
        running: dict[str, Reply] = {}
        try:
            self._send(deque([(0, sentence)]), [reply], running)
            while not reply.done:
                self._take(self._read_sentence(), running)
                yield from reply.rows
                reply.rows.clear()
        except AccessError as error:
            self.close(error)
            raise
        finally:
            if not reply.done:
                self.close()
        if reply.trap is not None:
            raise AccessError(AccessFault.REFUSED, detail=reply.trap)

    def _send(
        self,
        waiting: deque[tuple[int, Sentence]],
        replies: Sequence[Reply],
        running: dict[str, Reply],
    ) -> None:
        position, sentence = waiting.popleft()
        self._tag += 1
        tag = str(self._tag)
        running[tag] = replies[position]
        replies[position].sent_at = time.monotonic()
        if self._ended:
            raise self._ended
        with _network_errors():
            self._sock.sendall(encode([*sentence, f".tag={tag}"]))

    def _take(self, words: list[str], running: dict[str, Reply]) -> None:
        kind, values, tag = _parsed(words)
        if kind == "!fatal":
            reason = " ".join(words[1:])
            raise AccessError(AccessFault.CONNECTION_LOST, detail=f"fatal: {reason}")
        reply = running.get(tag)
        if reply is None:
            raise AccessError(AccessFault.PROTOCOL, detail=f"unasked {kind}")
        if kind == "!re":
            reply.rows.append(values)
        elif kind == "!trap":
            reply.trap = reply.trap or values.get("message", "unknown")
        elif kind == "!done":
            reply.ret = values.get("ret", "")
            reply.done = True
            self._pace.answered(time.monotonic() - reply.sent_at)
            del running[tag]

    def _read_sentence(self) -> list[str]:
        """The next one that says anything: empty ones mean nothing."""
        words: list[str] = []
        while (word := self._read_word()) or not words:
            if word:
                words.append(decode_text(word))
        return words

    def _read_word(self) -> bytes:
        first = self._bytes(1)[0]
        if first >= _CONTROL:
            raise AccessError(AccessFault.PROTOCOL, detail=f"control byte {first:#x}")
        size = self._size_after(first)
        if size > LONGEST:
            raise AccessError(AccessFault.PROTOCOL, detail=f"word of {size} bytes")
        return self._bytes(size)

    def _size_after(self, first: int) -> int:
        if first >= 0xF0:
            return int.from_bytes(self._bytes(4), "big")
        more = (first >= 0x80) + (first >= 0xC0) + (first >= 0xE0)
        size = int.from_bytes(bytes([first]) + self._bytes(more), "big")
        return int(size - _SIZES[more][2] * 256**more)

    def _bytes(self, size: int) -> bytes:
        while len(self._buffer) - self._at < size:
            self._fill()
        data = bytes(self._buffer[self._at : self._at + size])
        self._at += size
        return data

    def _fill(self) -> None:
        # Drop what was read only now and then: doing it per word costs more than the parsing.
        del self._buffer[: self._at]
        self._at = 0
        with _network_errors():
            data = self._sock.recv(262_144)
        if not data:
            raise AccessError(AccessFault.CONNECTION_LOST)
        self._buffer += data


@contextmanager
def _network_errors() -> Iterator[None]:
    """Turns what sockets raise into the one error of a driver."""
    try:
        yield
    except TimeoutError as error:
        raise AccessError(AccessFault.TIMED_OUT) from error
    except ssl.SSLError as error:
        raise AccessError(AccessFault.TLS_FAILED, detail=str(error)) from error
    except OSError as error:
        raise AccessError(AccessFault.CONNECTION_LOST, detail=str(error)) from error


def _parsed(words: list[str]) -> tuple[str, dict[str, str], str]:
    values = {}
    tag = ""
    for word in words[1:]:
        if word.startswith("="):
            name, _, value = word[1:].partition("=")
            values[name] = value
        elif word.startswith(".tag="):
            tag = word[5:]
    return words[0], values, tag


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and how to connect. With a `fingerprint` (SHA-256, hex) only that certificate will do.

    Without one any certificate is taken, even none: routers sign their own, or use anonymous
    Diffie-Hellman, so TLS then hides the talk but does not prove who is at the other end.
    """

    host: str
    port: int
    tls: bool
    fingerprint: str
    timeout_s: float


def connect(endpoint: Endpoint, user: str, password: str) -> Wire:
    """An open, logged-in connection. Raises AccessError."""
    wire = Wire(_socket(endpoint))
    try:
        _login(wire, user, password)
    except AccessError:
        wire.close()
        raise
    return wire


def _socket(endpoint: Endpoint) -> socket.socket:
    try:
        sock = socket.create_connection((endpoint.host, endpoint.port), endpoint.timeout_s)
    except TimeoutError as error:
        raise AccessError(AccessFault.UNREACHABLE, detail="timeout") from error
    except OSError as error:
        raise AccessError(AccessFault.UNREACHABLE, detail=str(error)) from error
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not endpoint.tls:
        return sock
    try:
        return _wrapped(sock, endpoint)
    except (OSError, AccessError) as error:
        sock.close()
        if isinstance(error, AccessError):
            raise
        raise AccessError(AccessFault.TLS_FAILED, detail=str(error)) from error


def _wrapped(sock: socket.socket, endpoint: Endpoint) -> ssl.SSLSocket:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:!eNULL:@SECLEVEL=0")
    secured = context.wrap_socket(sock)
    if endpoint.fingerprint:
        shown = hashlib.sha256(secured.getpeercert(binary_form=True) or b"").hexdigest()
        if shown != endpoint.fingerprint.replace(":", "").lower():
            raise AccessError(AccessFault.TLS_FAILED, permanent=True, detail="fingerprint")
    return secured


def _login(wire: Wire, user: str, password: str) -> None:
    """Routers from 6.43 take the password; older ones ignore it and answer with a challenge."""
    (reply,) = wire.talk([command("/login", {"name": user, "password": password})])
    if reply.ok and reply.ret:
        digest = hashlib.md5(b"\x00" + password.encode() + _challenge(reply)).hexdigest()
        (reply,) = wire.talk([command("/login", {"name": user, "response": f"00{digest}"})])
    if reply.trap is not None:
        raise AccessError(AccessFault.LOGIN_REFUSED, permanent=True, detail=reply.trap)
    if reply.lost:
        raise reply.lost


def _challenge(reply: Reply) -> bytes:
    try:
        return bytes.fromhex(reply.ret)
    except ValueError:
        raise AccessError(AccessFault.PROTOCOL, detail="challenge") from None


def chunks(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Pieces of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
