"""Settings of a router that its driver takes beside address and password, from rows as they are."""

import re
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from caudal.apps.network.models import CutRules, Router
from caudal.core.addressing import AddressError, canonical

USUAL_PORTS = {"routeros": 8728, "linux": 22, "radius": 3799}
"""The port of each kind of router, for who does not say another."""


def settings_of(router: Router) -> dict[str, Any]:
    """What a driver that writes its own rules asks for: see the Linux driver's Rules."""
    rules = CutRules.objects.filter(router=router).first() if router.pk else None
    allowed = [*_words(rules.allowed if rules else ""), *_our_hosts()]
    return {
        "private_key": router.private_key,
        "host_key": router.host_key,
        "ssh_port": router.ssh_port or 0,
        "lan": tuple(_words(router.lan_interface)),
        "wan": tuple(_words(rules.wan_interfaces if rules else "")),
        "notice": _notice(rules),
        "allowed": tuple(sorted({found for text in allowed for found in _addresses(text)})),
        "strict": router.only_customers,
    }


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,;]+", text) if word]


def _notice(rules: CutRules | None) -> str:
    if rules is None or not rules.notice_address:
        return ""
    return f"{rules.notice_address}:{rules.notice_port}"


def _our_hosts() -> list[str]:
    """Where the portal and the page of who is cut are: who is cut must reach them."""
    found = (urlsplit(url).hostname for url in (settings.PUBLIC_URL, settings.NOTICE_URL))
    return [host for host in found if host]


def _addresses(text: str) -> Iterator[str]:
    """An address or network as it is; a name as what it means now, nothing where that is unknown:
    a resolver that is down must not keep a cut or a restoration waiting."""
    try:
        yield canonical(text)
    except AddressError:
        try:
            found = socket.getaddrinfo(text, None, type=socket.SOCK_STREAM)
        except OSError:
            return
        yield from (str(answer[4][0]) for answer in found)
