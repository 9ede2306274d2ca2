"""What the search everywhere finds of the network: routers, addresses, zones, sites and pools."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as now_in_language
from django.utils.translation import gettext_lazy as _

from caudal.apps.customers.models import Zone
from caudal.apps.network.models import Connection, Pool, Router, Site
from caudal.apps.staff.models import User
from caudal.apps.staff.scope import visible
from caudal.apps.staff.verbs import Verb
from caudal.core.addressing import Address, AddressError, parse_address
from caudal.web import places, search
from caudal.web.places import Place
from caudal.web.search import Hit, Searcher, by_words

SEE = Verb.SEE_NETWORK


def find_routers(user: User, typed: str, limit: int) -> list[Hit]:
    """By part of the name, the address or the site's name."""
    rows = visible(user, Router.objects.select_related("site").order_by("name"))
    found = by_words(rows, typed, limit, lambda row: f"{row.name} {row.host} {row.site or ''}")
    return [_router(row) for row in found]


def recall_routers(user: User, keys: Sequence[int]) -> dict[int, Hit]:
    rows = visible(user, Router.objects.filter(pk__in=keys).select_related("site"))
    return {row.pk: _router(row) for row in rows}


def find_addresses(user: User, typed: str, limit: int) -> list[Hit]:
    """Who has an address, out of which pool it is, and who had it; only for whole addresses."""
    try:
        address = parse_address(typed)
    except AddressError:
        return []
    live = Connection.objects.live().filter(address=str(address))
    held = visible(user, live).select_related("service__customer", "router")
    pools = [pool for pool in _pools(user).select_related("router") if _holds(pool, address)]
    found = [_holder(connection) for connection in held[:limit]]
    found += [_pool(pool, address) for pool in pools]
    history = f"{reverse('network:history')}?q={address}"
    found.append(Hit(now_in_language("Who had %s") % address, history, icon="history"))
    return found[:limit]


def find_places(user: User, typed: str, limit: int) -> list[Hit]:
    """Zones, sites and address pools, by part of the name, city or network."""
    zones = by_words(
        visible(user, Zone.objects.all()), typed, limit, lambda zone: f"{zone} {zone.city}"
    )
    sites = by_words(visible(user, Site.objects.all()), typed, limit)
    pools = by_words(_pools(user), typed, limit)
    found = [_row(zone, "network:zone", _("Zone"), "map-2") for zone in zones]
    found += [_row(site, "network:site", _("Site"), "building-broadcast-tower") for site in sites]
    found += [_row(pool, "network:pool", _("Address pool"), "network") for pool in pools]
    return found[:limit]


def _pools(user: User) -> QuerySet[Pool]:
    """Those of routers that he may see."""
    if not user.is_limited:
        return Pool.objects.all()
    return Pool.objects.filter(router__in=visible(user, Router.objects.all()).values("pk"))


def _router(router: Router) -> Hit:
    parts = (router.host, router.site)
    detail = " · ".join(str(part) for part in parts if part)
    return Hit(router.name, reverse("network:router", args=[router.pk]), detail)


def _holds(pool: Pool, address: Address) -> bool:
    try:
        return address in pool.addresses()
    except AddressError:
        return False  # badly written: its own page says so


def _holder(connection: Connection) -> Hit:
    customer = connection.service.customer
    return Hit(
        f"{connection.address}",
        reverse("desk:customer", args=[customer.pk]),
        f"{customer.name} · {connection.router}",
    )


def _pool(pool: Pool, address: Address) -> Hit:
    where = now_in_language("in the pool %(pool)s of %(router)s")
    return Hit(
        str(address),
        reverse("network:pool_map", args=[pool.pk]),
        where % {"pool": pool.name, "router": pool.router},
        "grid-dots",
    )


def _row(row: Model, url_name: str, kind: Any, icon: str) -> Hit:
    return Hit(str(row), reverse(url_name, args=[row.pk]), str(kind), icon)


def _places() -> Iterable[Place]:
    configure = Verb.CONFIGURE_NETWORK
    yield Place(
        _("Routers"), "network:routers", "router", SEE, _("nas mikrotik"), "g r", is_act=False
    )  # fmt: skip
    yield Place(_("Zones"), "network:zones", "map-2", SEE, _("sectors"), "g z", is_act=False)
    yield Place(
        _("Addresses"), "network:pools", "network", SEE,
        _("ip pools ranges blocks networks"), "g i", is_act=False,
    )  # fmt: skip
    yield Place(
        _("Who had an address"), "network:history", "history", SEE,
        _("ip history court order"), order=70,
    )  # fmt: skip
    yield Place(
        _("Search the backups"), "network:search_backups", "archive", Verb.SEE_BACKUPS,
        _("router configuration export"), order=75,
    )  # fmt: skip
    for label, url_name, words in (
        (_("New router"), "network:new_router", _("add nas mikrotik")),
        (_("New zone"), "network:new_zone", _("add sector")),
        (_("New address pool"), "network:new_pool", _("add ip range")),
        (_("New site"), "network:new_site", _("add tower node")),
    ):
        yield Place(label, url_name, "plus", configure, words, order=50)


search.register(
    Searcher(
        "routers", _("Routers"), "router", SEE, find_routers, order=40,
        url_name="network:router", recall=recall_routers,
    )
)  # fmt: skip
search.register(Searcher("addresses", _("Addresses"), "network", SEE, find_addresses, order=5))
search.register(
    Searcher("network-places", _("Zones, sites and pools"), "map-2", SEE, find_places, order=50)
)
places.register(*_places())
