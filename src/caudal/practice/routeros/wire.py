"""The words and sentences of the RouterOS API, as the router sees them."""

from collections.abc import Iterable, Iterator

RESERVED = 0xF8  # first bytes from here on are control bytes: not for us, not for clients
_SIZES = ((0x80, 1, 0x00), (0x4000, 2, 0x80), (0x200000, 3, 0xC0), (0x10000000, 4, 0xE0))


class BadWord(Exception):
    """A length that no client may send."""


def encode_length(size: int) -> bytes:
    for limit, width, prefix in _SIZES:
        if size < limit:
            return (size | prefix << 8 * (width - 1)).to_bytes(width, "big")
    return b"\xf0" + size.to_bytes(4, "big")


def encode(sentence: Iterable[str]) -> bytes:
    """One sentence, ended by the empty word."""
    words = (to_bytes(word) for word in sentence)
    return b"".join(encode_length(len(word)) + word for word in words) + b"\x00"


def to_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def to_text(data: bytes) -> str:
    """Routers keep the bytes they were given; the escapes bring them back unchanged."""
    return data.decode("utf-8", "surrogateescape")


class Decoder:
    """Collects bytes and gives back whole sentences; empty sentences are dropped."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._words: list[str] = []

    def feed(self, data: bytes) -> Iterator[list[str]]:
        """Raises BadWord."""
        self._buffer += data
        while (word := self._next_word()) is not None:
            if word:
                self._words.append(to_text(word))
            elif self._words:
                sentence, self._words = self._words, []
                yield sentence

    def _next_word(self) -> bytes | None:
        if not self._buffer:
            return None
        width = _width(self._buffer[0])
        if len(self._buffer) < width:
            return None
        size = _length(bytes(self._buffer[:width]))
        if len(self._buffer) < width + size:
            return None
        word = bytes(self._buffer[width : width + size])
        del self._buffer[: width + size]
        return word


def _width(first: int) -> int:
    if first >= RESERVED:
        raise BadWord(hex(first))
    if first >= 0xF0:
        return 5
    return 1 + (first >= 0x80) + (first >= 0xC0) + (first >= 0xE0)


def _length(head: bytes) -> int:
    if len(head) == 5:
        return int.from_bytes(head[1:], "big")
    prefix = {1: 0x00, 2: 0x80, 3: 0xC0, 4: 0xE0}[len(head)]
    return int.from_bytes(head, "big") - (prefix << 8 * (len(head) - 1))
