"""Links that prove a document: signed, so that they cannot be guessed, and open to anybody."""

from collections.abc import Callable

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from caudal.apps.documents.sheets import Fact

Teller = Callable[[int], list[Fact] | None]

_tellers: dict[str, tuple[str, Teller]] = {}
_signer = Signer(salt="caudal.documents.verification")


def register(kind: str, letter: str, teller: Teller) -> None:
    """`teller(id)` gives what may be shown of a document to whoever holds it; None: gone.

    `letter` stands for the kind in the link, which should be short enough for a small QR code.
    """
    _tellers[letter] = (kind, teller)


def link_to(letter: str, number: int) -> str:
    """The address that the QR code carries; empty where the installation has no public one."""
    if not settings.PUBLIC_URL:
        return ""
    token = _signer.sign(f"{letter}{number}")
    root: str = settings.PUBLIC_URL.rstrip("/")
    return root + reverse("documents:verify", args=[token])


def facts_of(token: str) -> list[Fact] | None:
    """What the document of a link says; None where the link was not made by us."""
    try:
        name = _signer.unsign(token)
    except BadSignature:
        return None
    known = _tellers.get(name[:1])
    return known[1](int(name[1:])) if known is not None else None
