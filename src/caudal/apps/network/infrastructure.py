"""Addresses that are the provider's own: no customer may have one, or be blocked at one."""

from collections.abc import Callable, Iterable

from caudal.apps.network.models import CutRules, Router
from caudal.core.addressing import AddressError, canonical

Source = Callable[[], Iterable[str]]
_sources: list[Source] = []


def register(source: Source) -> Source:
    """A room above names its own: the devices it watches, its servers."""
    if source not in _sources:
        _sources.append(source)
    return source


def own_addresses() -> list[str]:
    """Where routers are reached, the notice pages, and what rooms registered; each once."""
    texts = [
        *Router.objects.values_list("host", flat=True),
        *CutRules.objects.exclude(notice_address=None).values_list("notice_address", flat=True),
        *(text for source in _sources for text in source()),
    ]
    return sorted({plain for text in texts if (plain := _plain(text or ""))})


def _plain(text: str) -> str:
    """Names of hosts are not addresses: they are left out."""
    try:
        return canonical(text)
    except AddressError:
        return ""
