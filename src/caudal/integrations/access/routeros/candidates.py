"""Customers guessed from a router configured by hand. Reads answers, writes nothing."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from caudal.core.access import Access, Kind, Speed, Technology, parse_mark
from caudal.core.access.rows import UNREADABLE, Row
from caudal.core.addressing import AddressError, parse_network
from caudal.core.ports.access import Candidate
from caudal.integrations.access.routeros import reading
from caudal.integrations.access.routeros.pcq import listed_speeds, sharing_queues
from caudal.integrations.access.routeros.wire import Reply

TRIAL = "default-trial"
"""A HotSpot user that every router is born with."""
_NOT_A_NAME = re.compile(r"[^\w.\- ]+|\b[\w.]*\d[\w.]*\b")


@dataclass(frozen=True, slots=True)
class _Router:
    """What rows say about one another, by name or address."""

    profiles: Mapping[str, Row]
    hotspot_profiles: Mapping[str, Row]
    online: frozenset[str]
    blocked: frozenset[str]
    queues: Mapping[str, Row]
    leases: Mapping[str, Row]
    bindings: Mapping[str, Row]
    lists: Mapping[str, Speed]
    """What PCQ gives to each address of a list."""
    prefixes: Mapping[tuple[str, str], str]
    """IPv6 by list and comment: nothing else ties a prefix on a list to a customer."""


def candidates(replies: Mapping[str, Reply], block_list: str) -> list[Candidate]:
    """Unmarked users, queues, members of lists with a speed, then leases, in the router's order;
    each customer once.

    A queue for the address of a user or of a lease is no customer of its own.
    """
    known = _known(replies)
    users = [
        _from_account(row, known)
        for row in _unmarked(Kind.ACCOUNT, replies)
        if row.attrs.get("service", "pppoe") in ("any", "pppoe")
    ]
    users += [
        _from_hotspot(row, known)
        for row in _unmarked(Kind.HOTSPOT_USER, replies)
        if row.key != TRIAL
    ]
    taken = {each.access.address for each in users} - {""}
    nobodys = sharing_queues(replies) | {row.get("parent", "") for row in replies[Kind.QUEUE].rows}
    queues = [
        _from_queue(row, known)
        for row in _unmarked(Kind.QUEUE, replies)
        if row.key not in nobodys and _families(row.attrs.get("target", ""))[0] not in taken
    ]
    taken |= {each.access.address for each in queues}
    members = [_from_member(row, known) for row in _members(replies, known, taken)]
    taken |= {each.access.address for each in members}
    leases = [_from_lease(row, known) for key, row in known.leases.items() if key not in taken]
    return [*users, *queues, *members, *leases]


def _known(replies: Mapping[str, Reply]) -> _Router:
    blocks = reading.rows(Kind.BLOCK, replies[Kind.BLOCK])
    return _Router(
        {row.key: row for row in reading.rows(Kind.PROFILE, replies[Kind.PROFILE])},
        {row.key: row for row in reading.rows(Kind.HOTSPOT_PROFILE, replies[Kind.HOTSPOT_PROFILE])},
        frozenset(session.name for session in reading.sessions(replies)),
        frozenset(row.key for row in blocks if row.enabled),
        {_families(q.attrs.get("target", ""))[0]: q for q in _unmarked(Kind.QUEUE, replies)},
        {row.key: row for row in _unmarked(Kind.LEASE, replies)},
        {row.key: row for row in _unmarked(Kind.ARP, replies)},
        listed_speeds(replies),
        _prefixes(replies),
    )


def _prefixes(replies: Mapping[str, Reply]) -> dict[tuple[str, str], str]:
    """Where two have the same comment, it says whose neither is."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in _unmarked(Kind.MEMBER6, replies):
        prefix, _, name = row.key.partition(" ")
        if row.comment and row.enabled:
            found[name, row.comment].append(prefix)
    return {key: prefixes[0] for key, prefixes in found.items() if len(prefixes) == 1}


def _unmarked(kind: Kind, replies: Mapping[str, Reply]) -> list[Row]:
    return [row for row in reading.rows(kind, replies[kind]) if not parse_mark(row.comment)]


def _from_account(row: Row, known: _Router) -> Candidate:
    name = row.attrs.get("profile", "default")
    profile = known.profiles.get(name)
    address, bad = _host(row.attrs.get("address", ""))
    queue = known.queues.get(address) if address else None
    speed = _speed(profile.attrs if profile else {})
    access = Access(
        "",
        Technology.PPPOE,
        row.key,
        _speed(queue.attrs) if queue and not speed.down_bps else speed,
        profile=name,
        password=_password(row),
        address=address,
        local_address=row.attrs.get("local_address", ""),
        mac=row.attrs.get("mac", ""),
        pool=profile.attrs.get("pool", "") if profile else "",
        prefix=row.attrs.get("prefix", ""),
        suspended=not row.enabled or address in known.blocked,
    )
    doubts = {
        "no-speed": not access.speed.down_bps,
        "no-address": not address,
        "no-password": not access.password,
        "disabled": not row.enabled,
        "queue-too": queue is not None,
        **bad,
    }
    comment = row.comment or (queue.comment or queue.key if queue else "")
    return _candidate(row, access, doubts, comment, online=row.key in known.online)


def _from_hotspot(row: Row, known: _Router) -> Candidate:
    name = row.attrs.get("profile", "default")
    profile = known.hotspot_profiles.get(name)
    address, bad = _host(row.attrs.get("address", ""))
    access = Access(
        "",
        Technology.HOTSPOT,
        row.key,
        _speed(profile.attrs if profile else {}),
        profile=name,
        password=_password(row),
        address=address,
        mac=row.attrs.get("mac", ""),
        server=row.attrs.get("server", ""),
        suspended=not row.enabled or bool(address and address in known.blocked),
    )
    doubts = {
        "no-speed": not access.speed.down_bps,
        "no-password": not access.password,
        "disabled": not row.enabled,
        **bad,
    }
    return _candidate(row, access, doubts, row.comment, online=row.key in known.online)


def _from_queue(row: Row, known: _Router) -> Candidate:
    """With a static ARP entry the address is bound to a device; a lease only hands it out. One
    queue may be for an address and a prefix."""
    text, prefix = _families(row.attrs.get("target", ""))
    address, bad = _host(text)
    binding, lease = known.bindings.get(address), known.leases.get(address)
    bound = binding.attrs if binding and binding.attrs.get("mac") else {}
    access = Access(
        "",
        Technology.STATIC if bound else Technology.SIMPLE_QUEUE,
        row.key,
        _speed(row.attrs),
        address=address,
        mac=bound.get("mac", "") or (lease.attrs.get("mac", "") if lease else ""),
        interface=bound.get("interface", ""),
        suspended=address in known.blocked,
        prefix=prefix,
    )
    doubts = {"no-speed": "max" not in row.attrs, "disabled": not row.enabled, **bad}
    others = (each.comment for each in (lease, binding) if each and each.comment)
    return _candidate(row, access, doubts, row.comment or next(others, ""), online=False)


def _members(replies: Mapping[str, Reply], known: _Router, taken: Collection[str]) -> Iterator[Row]:
    """One row for each address on a list with a speed; who is on two has the first."""
    seen = {*taken}
    for row in _unmarked(Kind.MEMBER, replies):
        address, _, name = row.key.partition(" ")
        if name in known.lists and address not in seen:
            seen.add(address)
            yield row


def _from_member(row: Row, known: _Router) -> Candidate:
    """By PCQ a customer is an address on the list of his plan, and has no other name."""
    text, _, name = row.key.partition(" ")
    address, bad = _host(text)
    beside = [each for each in (known.bindings.get(text), known.leases.get(text)) if each]
    access = Access(
        "",
        Technology.PCQ,
        text,
        known.lists[name],
        profile=name,
        address=address,
        mac=next((each.attrs["mac"] for each in beside if each.attrs.get("mac")), ""),
        interface=next((i for each in beside if (i := each.attrs.get("interface", ""))), ""),
        suspended=address in known.blocked,
        prefix=known.prefixes.get((name, row.comment), ""),
    )
    doubts = {"no-speed": not access.speed.down_bps, "disabled": not row.enabled, **bad}
    others = (each.comment for each in beside if each.comment)
    return _candidate(row, access, doubts, row.comment or next(others, ""), online=False)


def _from_lease(row: Row, known: _Router) -> Candidate:
    address, bad = _host(row.key)
    mac = row.attrs.get("mac", "")
    access = Access(
        "",
        Technology.DHCP,
        row.key,
        _speed(row.attrs),
        address=address,
        mac=mac,
        server=row.attrs.get("server", ""),
        suspended=not row.enabled or address in known.blocked,
    )
    doubts = {
        "no-speed": "max" not in row.attrs,
        "no-mac": not mac,
        "disabled": not row.enabled,
        **bad,
    }
    return _candidate(row, access, doubts, row.comment, online=False)


def _password(row: Row) -> str:
    password = row.attrs.get("password", "")
    return "" if password == UNREADABLE else password


def _candidate(
    row: Row, access: Access, doubts: Mapping[str, bool], comment: str, *, online: bool
) -> Candidate:
    person = guess_person(comment) or guess_person(row.key)
    named = replace(access, label=person or row.key)
    found = tuple(name for name, there in doubts.items() if there)
    return Candidate(named, comment, person, online, found)


def _families(target: str) -> tuple[str, str]:
    """The target without a single IPv6 network in it, and that."""
    parts = target.split(",")
    six = [part for part in parts if ":" in part]
    if len(six) != 1 or len(parts) == 1:
        return target, ""
    return ",".join(part for part in parts if part not in six), six[0]


def _host(text: str) -> tuple[str, dict[str, bool]]:
    """A customer's address, or why what is there is not one."""
    if not text:
        return "", {}
    try:
        network = parse_network(text)
    except AddressError:
        return "", {"not-an-address": True}
    wide = network.prefixlen < network.max_prefixlen
    return ("", {"wide-address": True}) if wide else (text, {})


def _speed(attrs: Mapping[str, str]) -> Speed:
    def both(name: str) -> tuple[int, int]:
        up, _, down = attrs.get(name, "0/0").partition("/")
        return (int(up), int(down)) if up.isdigit() and down.isdigit() else (0, 0)

    limit, burst, threshold = both("max"), both("burst"), both("threshold")
    guaranteed, priority = both("guaranteed"), attrs.get("priority", "8")
    return Speed(
        *limit,
        *burst,
        *threshold,
        max(both("burst_time")),
        *guaranteed,
        int(priority) if priority.isdigit() else 8,
    )


def guess_person(text: str) -> str:
    """`juan.perez_02` -> `Juan Perez`; phones, plans and codes are left out."""
    words = _NOT_A_NAME.sub(" ", text.replace("_", " ")).replace(".", " ").replace("-", " ")
    kept = [word for word in words.split() if word.isalpha() and len(word) > 1]
    return " ".join(word.capitalize() for word in kept)
