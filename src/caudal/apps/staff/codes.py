"""Codes of a phone (RFC 6238) and recovery codes: made, told and checked. No tables here."""

from base64 import b32decode, b32encode
from hashlib import sha256
from secrets import choice, token_bytes

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_SECONDS = 30
STEPS_APART = 1
"""So many half minutes may a phone's clock go before or after ours."""
SECRET_BYTES = 20
RECOVERY_CODES = 10
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the letters and digits that people confuse."""


def new_secret() -> str:
    """160 random bits in base 32, as applications want them."""
    return b32encode(token_bytes(SECRET_BYTES)).decode()


def step_of(code: str, secret: str, at: float, after: int = 0) -> int:
    """The half minute whose code this is, if it is near `at` (Unix seconds) and later than
    `after`; 0 where there is none."""
    present = int(at) // STEP_SECONDS
    for step in range(present - STEPS_APART, present + STEPS_APART + 1):
        if step > after and _is_code_of(step, code, secret):
            return step
    return 0


def code_at(secret: str, at: float) -> str:
    """What the phone shows at `at`."""
    return _totp(secret).generate(int(at)).decode()


def address_for(secret: str, account: str, issuer: str) -> str:
    """otpauth://..., which the QR code holds."""
    return _totp(secret).get_provisioning_uri(account, issuer)


def picture_of(text: str) -> str:
    """A QR code as the address of an SVG picture; nobody else hears of it."""
    return segno.make(text, error="m").svg_data_uri(scale=5, border=2, light="#fff")


def new_recovery_codes() -> list[str]:
    """As they are shown once, e.g. "k3n7p-x9r2m"."""
    return [f"{_letters()}-{_letters()}" for _ in range(RECOVERY_CODES)]


def recovery_digest(code: str) -> str:
    """What is kept of a recovery code, however it is typed; it is random enough for one round."""
    plain = "".join(letter for letter in code.lower() if letter in _ALPHABET)
    return sha256(plain.encode()).hexdigest()


def _letters() -> str:
    return "".join(choice(_ALPHABET) for _ in range(5))


def _is_code_of(step: int, code: str, secret: str) -> bool:
    try:
        _totp(secret).verify(code.encode(), step * STEP_SECONDS)
    except InvalidToken:
        return False
    return True


def _totp(secret: str) -> TOTP:
    # SHA-1 is what every application for phones knows; HMAC does not need it to resist collisions.
    return TOTP(b32decode(secret), 6, SHA1(), STEP_SECONDS)
