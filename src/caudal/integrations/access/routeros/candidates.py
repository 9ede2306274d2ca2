"""Customers guessed from a router configured by hand. Reads answers, writes nothing."""

import re
from collections.abc import Mapping
from dataclasses import replace

from caudal.core.access import Access, Kind, Speed, Technology, parse_mark
from caudal.core.access.rows import UNREADABLE, Row
from caudal.core.addressing import AddressError, parse_network
from caudal.core.ports.access import Candidate
from caudal.integrations.access.routeros import reading
from caudal.integrations.access.routeros.wire import Reply

_NOT_A_NAME = re.compile(r"[^\w.\- ]+|\b[\w.]*\d[\w.]*\b")


def candidates(replies: Mapping[str, Reply], block_list: str) -> list[Candidate]:
    """Unmarked PPPoE secrets, then unmarked queues, in the router's order."""
    profiles = {row.key: row for row in reading.rows(Kind.PROFILE, replies[Kind.PROFILE])}
    online = {session.name: session.address for session in reading.sessions(replies)}
    blocked = {row.key for row in reading.rows(Kind.BLOCK, replies[Kind.BLOCK]) if row.enabled}
    accounts = [
        _from_account(row, profiles, online, blocked)
        for row in _unmarked(Kind.ACCOUNT, replies)
        if row.attrs.get("service", "pppoe") in ("any", "pppoe")
    ]
    parents = {row.get("parent", "") for row in replies[Kind.QUEUE].rows}
    queues = [
        _from_queue(row, blocked)
        for row in _unmarked(Kind.QUEUE, replies)
        if row.key not in parents
    ]
    return [*accounts, *queues]


def _unmarked(kind: Kind, replies: Mapping[str, Reply]) -> list[Row]:
    return [row for row in reading.rows(kind, replies[kind]) if not parse_mark(row.comment)]


def _from_account(
    row: Row, profiles: Mapping[str, Row], online: Mapping[str, str], blocked: set[str]
) -> Candidate:
    name = row.attrs.get("profile", "default")
    profile = profiles.get(name)
    address, bad = _host(row.attrs.get("address", ""))
    password = row.attrs.get("password", "")
    access = Access(
        "",
        Technology.PPPOE,
        row.key,
        _speed(profile.attrs if profile else {}),
        profile=name,
        password="" if password == UNREADABLE else password,
        address=address,
        local_address=row.attrs.get("local_address", ""),
        mac=row.attrs.get("mac", ""),
        pool=profile.attrs.get("pool", "") if profile else "",
        suspended=not row.enabled or address in blocked,
    )
    doubts = {
        "no-speed": profile is None or "max" not in profile.attrs,
        "no-address": not address,
        "no-password": not access.password,
        "disabled": not row.enabled,
        **bad,
    }
    return _candidate(row, access, doubts, online=row.key in online)


def _from_queue(row: Row, blocked: set[str]) -> Candidate:
    address, bad = _host(row.attrs.get("target", ""))
    access = Access(
        "",
        Technology.SIMPLE_QUEUE,
        row.key,
        _speed(row.attrs),
        address=address,
        suspended=address in blocked,
    )
    doubts = {"no-speed": "max" not in row.attrs, "disabled": not row.enabled, **bad}
    return _candidate(row, access, doubts, online=False)


def _candidate(row: Row, access: Access, doubts: Mapping[str, bool], *, online: bool) -> Candidate:
    person = guess_person(row.comment) or guess_person(row.key)
    named = replace(access, label=person or row.key)
    found = tuple(name for name, there in doubts.items() if there)
    return Candidate(named, row.comment, person, online, found)


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
        both("burst_time")[0],
        *guaranteed,
        int(priority) if priority.isdigit() else 8,
    )


def guess_person(text: str) -> str:
    """`juan.perez_02` -> `Juan Perez`; phones, plans and codes are left out."""
    words = _NOT_A_NAME.sub(" ", text.replace("_", " ")).replace(".", " ").replace("-", " ")
    kept = [word for word in words.split() if word.isalpha() and len(word) > 1]
    return " ".join(word.capitalize() for word in kept)
