"""The client's side of MS-CHAPv2 (RFC 2759), which radclient does not know."""

import hashlib
import struct
from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

_MASK = 0xFFFFFFFF
_ROUNDS = (
    (lambda x, y, z: (x & y) | (~x & z), 0, (3, 7, 11, 19), tuple(range(16))),
    (
        lambda x, y, z: (x & y) | (x & z) | (y & z),
        0x5A827999,
        (3, 5, 9, 13),
        (0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15),
    ),
    (
        lambda x, y, z: x ^ y ^ z,
        0x6ED9EBA1,
        (3, 9, 11, 15),
        (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15),
    ),
)


@dataclass(frozen=True)
class Answer:
    """What goes into MS-CHAP-Challenge and MS-CHAP2-Response, and what must come back."""

    challenge: bytes
    response: bytes
    success: bytes


def answer(username: str, password: str, challenge: bytes, peer: bytes) -> Answer:
    """`challenge` and `peer` are 16 bytes each."""
    secret = _nt_hash(password)
    short = hashlib.sha1(peer + challenge + username.encode()).digest()[:8]
    response = b"".join(_des(key, short) for key in _thirds(secret))
    return Answer(
        challenge,
        b"\x01\x00" + peer + bytes(8) + response,
        b"\x01" + _authenticator(secret, response, short),
    )


def _authenticator(secret: bytes, response: bytes, short: bytes) -> bytes:
    signed = b"Magic server to client signing constant"
    padded = b"Pad to make it do more than one iteration"
    first = hashlib.sha1(md4(secret) + response + signed).digest()
    return b"S=" + hashlib.sha1(first + short + padded).hexdigest().upper().encode()


def _nt_hash(password: str) -> bytes:
    return md4(password.encode("utf-16-le"))


def _thirds(secret: bytes) -> list[bytes]:
    padded = secret.ljust(21, b"\0")
    return [padded[at : at + 7] for at in (0, 7, 14)]


def _des(key: bytes, data: bytes) -> bytes:
    """One DES block; `key` are its 56 bits without parity."""
    bits = int.from_bytes(key, "big")
    spread = bytes(((bits >> (49 - 7 * n)) & 0x7F) << 1 for n in range(8))
    return Cipher(TripleDES(spread * 3), modes.ECB()).encryptor().update(data)


def md4(data: bytes) -> bytes:
    """RFC 1320; OpenSSL 3 keeps it locked away."""
    padded = data + b"\x80" + bytes((55 - len(data)) % 64) + struct.pack("<Q", 8 * len(data))
    state = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)
    for at in range(0, len(padded), 64):
        words = struct.unpack("<16I", padded[at : at + 64])
        a, b, c, d = state
        for mix, constant, shifts, order in _ROUNDS:
            for step, index in enumerate(order):
                total = (a + mix(b, c, d) + words[index] + constant) & _MASK
                shift = shifts[step % 4]
                a, b, c, d = d, ((total << shift) | (total >> (32 - shift))) & _MASK, b, c
        state = tuple((x + y) & _MASK for x, y in zip(state, (a, b, c, d), strict=True))
    return struct.pack("<4I", *state)
