"""From services to the rows a router should hold, refusing what is not fit to be written."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from caudal.core.access.fitness import clashes, unfit
from caudal.core.access.plan import Finding
from caudal.core.access.rows import Access, Kind, Row
from caudal.core.access.technologies import (
    Shared,
    Widths,
    all_shared_of,
    common_widths,
    own_rows,
    plan_rows,
)
from caudal.core.addressing import (
    AddressError,
    canonical,
    ip_interface_address,
    parse_network,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rows sorted by kind and key, all marked. `users` maps the key of a plan's row to the
    services that need it."""

    owner: str
    rows: tuple[Row, ...] = ()
    refusals: tuple[Finding, ...] = ()
    users: Mapping[tuple[Kind, str], tuple[str, ...]] = field(default_factory=dict)

    @property
    def refused(self) -> frozenset[str]:
        return frozenset(service for f in self.refusals for service in f.services)


def wanted(
    services: Iterable[Access],
    *,
    owner: str = "",
    own_addresses: Iterable[str] = (),
    served: Collection[str] = (),
) -> Wanted:
    """The rows of these services. `owner` names this installation in the marks.

    `own_addresses` are the router's own and the management ones (address or network, as text):
    no customer may have, or be blocked at, any of them. A refused service gets no rows, and diff
    leaves alone whatever it holds. `served` are the technologies of this kind of router, none
    named means all.
    """
    services = sorted(services, key=lambda a: a.service_id)
    own = [parse_network(_without_prefix(text)) for text in own_addresses]
    refusals = [*unfit(services, own, served), *clashes(services)]
    refused = {service for finding in refusals for service in finding.services}
    accepted = [access for access in services if access.service_id not in refused]
    widths = common_widths(accepted)
    plans = _plans(accepted, widths)
    shared = {plan: plan_rows(plan, owner) for plan in plans}
    of_plans = (row for found in shared.values() for row in found)
    of_services = (row for access in accepted for row in own_rows(access, owner, widths))
    return Wanted(
        owner,
        tuple(_in_order(chain(of_plans, of_services))),
        tuple(refusals),
        _users(plans, shared, {access.service_id for access in accepted if access.prefix}),
    )


def _in_order(rows: Iterable[Row]) -> Iterator[Row]:
    """By kind and key, each once: the last one counts."""
    kinds: dict[Kind, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        kinds[row.kind][row.key] = row
    for kind in sorted(kinds):
        yield from (kinds[kind][key] for key in sorted(kinds[kind]))


def _without_prefix(text: str) -> str:
    """`10.0.0.1/24` on a router's interface is the one address 10.0.0.1; a clean network stays."""
    try:
        return canonical(text)
    except AddressError:
        return str(ip_interface_address(text))


def _plans(accepted: Iterable[Access], widths: Widths) -> dict[Shared, list[str]]:
    """Service ids by what they have in common."""
    plans: dict[Shared, list[str]] = defaultdict(list)
    for access in accepted:
        for shared in all_shared_of(access, widths):
            plans[shared].append(access.service_id)
    return plans


def _users(
    plans: Mapping[Shared, list[str]],
    shared: Mapping[Shared, tuple[Row, ...]],
    prefixed: Collection[str],
) -> dict[tuple[Kind, str], tuple[str, ...]]:
    """Marks of IPv6 packets are nothing to who has no prefix."""
    users: dict[tuple[Kind, str], tuple[str, ...]] = {}
    for plan, ids in plans.items():
        everybody, six = tuple(ids), tuple(each for each in ids if each in prefixed)
        for row in shared[plan]:
            touched = six if row.kind is Kind.MARKING6 else everybody
            users[row.kind, row.key] = users.get((row.kind, row.key), ()) + touched
    return users
