"""Users, passwords, devices and prefixes: how they are made and how they are written."""

import re
import secrets
from collections.abc import Container
from itertools import count

from caudal.apps.customers.models import Customer
from caudal.apps.network.errors import NetworkCode, NetworkError
from caudal.core.addressing import AddressError, parse_network
from caudal.core.text import ascii_fold

READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without l, 1, o, i and 0: these passwords are read out over the telephone."""
PASSWORD_LENGTH = 10
LONGEST_NAME = 80
WIDEST_PREFIX, LINK_PREFIX = 48, 64
"""A customer gets a network of 48 to 64 bits, never a part of one."""
_PLAIN = re.compile(r"[ -~]+")


def random_password() -> str:
    return "".join(secrets.choice(READABLE) for _ in range(PASSWORD_LENGTH))


def default_username(customer: Customer, taken: Container[str]) -> str:
    """Two words of his name and his code, in ASCII: `ana.perez.1042`; `-2` for the next one."""
    words = re.findall(r"[a-z0-9]+", ascii_fold(f"{customer.name}").lower())[:2]
    code = re.sub(r"[^a-z0-9-]", "", ascii_fold(customer.code).lower())
    base = ".".join([*words, code])[: LONGEST_NAME - 4].strip(".")
    names = (base if n == 1 else f"{base}-{n}" for n in count(1))
    return next(name for name in names if name not in taken)


def plain_username(text: str) -> str:
    """What every router takes as a name. Raises NetworkError."""
    text = text.strip()
    if len(text) > LONGEST_NAME or (text and not _PLAIN.fullmatch(text)):
        raise NetworkError(NetworkCode.USERNAME_NOT_PLAIN, "username", longest=LONGEST_NAME)
    return text


def plain_password(text: str) -> str:
    """Raises NetworkError."""
    if len(text) > LONGEST_NAME or (text and (" " in text or not _PLAIN.fullmatch(text))):
        raise NetworkError(NetworkCode.PASSWORD_NOT_PLAIN, "password", longest=LONGEST_NAME)
    return text


def normal_mac(text: str) -> str:
    """`aabb.ccdd.eeff`, `AA-BB-...` and the like as `AA:BB:CC:DD:EE:FF`. Raises NetworkError."""
    text = text.strip()
    if not text:
        return ""
    bare = re.sub(r"[:.\- ]", "", text).upper()
    if not re.fullmatch(r"[0-9A-F]{12}", bare):
        raise NetworkError(NetworkCode.BAD_MAC, "mac", text=text)
    return ":".join(bare[at : at + 2] for at in range(0, 12, 2))


def plain_duid(text: str) -> str:
    """`00:03:00:01:AA...` or `0x00030001aa...` as bare hexadecimal digits. Raises NetworkError."""
    bare = re.sub(r"^0x|[:.\- ]", "", text.strip().lower())
    if bare and not re.fullmatch(r"([0-9a-f]{2}){4,24}", bare):
        raise NetworkError(NetworkCode.BAD_DUID, "duid", text=text)
    return bare


def plain_iaid(text: str) -> str:
    """A number, 0 left out: it is what clients use that say nothing. Raises NetworkError."""
    text = text.strip()
    if text and not text.isdecimal():
        raise NetworkError(NetworkCode.BAD_IAID, "iaid", text=text)
    return text.lstrip("0")


def plain_prefix(text: str | None) -> str:
    """An IPv6 prefix in its usual spelling, "" for nothing. Raises NetworkError."""
    if not text or not text.strip():
        return ""
    try:
        network = parse_network(text.strip())
    except AddressError:
        raise NetworkError(NetworkCode.BAD_PREFIX, "prefix", text=text) from None
    if network.version != 6 or not WIDEST_PREFIX <= network.prefixlen <= LINK_PREFIX:
        raise NetworkError(NetworkCode.BAD_PREFIX, "prefix", text=text)
    return str(network)
