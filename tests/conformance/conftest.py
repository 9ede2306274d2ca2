"""The boxes that drivers are tried on: one practice device per driver and version."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from caudal.core.access import SESSION_OF, Kind, Row, Technology
from caudal.core.access.marks import is_branded, mark_of
from caudal.core.ports.access import AccessDriver, AccessError, AccessFault
from caudal.integrations import manifests
from caudal.integrations.access.memory import MemoryDriver, MemoryRouter
from caudal.integrations.access.routeros import Config, connect
from caudal.practice.routeros import V6, V6_OLD_LOGIN, V7, V7_NEW, PracticeRouter
from tests.conformance.linux_box import LinuxBox
from tests.conformance.radius_box import RadiusBox
from tests.rig.namespaces import lacking

PROFILE_OF = {Kind.ACCOUNT: Kind.PROFILE, Kind.HOTSPOT_USER: Kind.HOTSPOT_PROFILE}
ALL = frozenset(Technology) - {Technology.RADIUS}


class MemoryBox:
    """The memory driver and its router."""

    wrongs = ("before",)
    technologies = ALL

    def __init__(self) -> None:
        self.router = MemoryRouter()
        self.plugged: dict[str, Kind] = {}

    def close(self) -> None:
        self.heal()

    def driver(self) -> AccessDriver:
        return MemoryDriver(self.router)

    def put(self, kind: Kind, key: str, attrs: dict[str, str], comment: str) -> None:
        self.router.put(Row(kind, key, attrs, comment))

    def others(self) -> list[Any]:
        """Everything on the router that is not ours, exactly as it is."""
        rows = [row for row in self.router.rows.values() if row.kind is not Kind.COOKIE]
        return [row for row in rows if not mark_of(row)]

    def plug(self, name: str, password: str, way: str = "pppoe") -> None:
        self.plugged[name] = Kind.HOTSPOT_USER if way == "hotspot" else Kind.ACCOUNT
        self.redial()

    def redial(self) -> None:
        online = {session.name for session in self.router.sessions.values()}
        for name in self.plugged.keys() - online:
            row = self._row(self.plugged[name], name)
            if row and row.enabled:
                profile = self._row(PROFILE_OF[row.kind], row.attrs.get("profile", ""))
                speed = profile.attrs.get("max", "") if profile else ""
                address = row.attrs.get("address", "10.99.0.9")
                self.router.dial(name, address=address, speed=speed, kind=SESSION_OF[row.kind])
                if row.kind is Kind.HOTSPOT_USER:
                    self.router.put(Row(Kind.COOKIE, name))

    def sessions(self) -> set[str]:
        return {session.name for session in self.router.sessions.values()}

    def listed(self) -> set[str]:
        return {row.key for row in self.router.rows.values() if row.kind is Kind.BLOCK}

    def pass_time(self, seconds: int) -> None:
        self.router.pass_time(seconds)
        self.redial()

    def go_wrong(self, wrong: str, nth: int) -> None:
        count = iter(range(1, 10_000))

        def fault(command: str) -> None:
            if next(count) == nth:
                raise AccessError(AccessFault.CONNECTION_LOST)

        self.router.fault = fault

    def heal(self) -> None:
        self.router.fault = None

    def _row(self, kind: Kind, key: str) -> Row | None:
        rows = self.router.rows.values()
        return next((row for row in rows if (row.kind, row.key) == (kind, key)), None)


class RouterOsBox:
    """The RouterOS driver on a practice router of one version."""

    wrongs = ("drop", "drop-after", "drop-mid", "trap", "half", "fatal")
    technologies = ALL

    def __init__(self, version: str) -> None:
        self.router = PracticeRouter(version).start()
        self.router.put("/ip/pool", name="clientes", ranges="10.99.0.2-10.99.0.250")
        self.router.put("/interface/bridge", name="lan")
        self.router.put("/ip/dhcp-server", name="lan", interface="lan")
        self.router.put("/ip/hotspot", name="lan", interface="lan", address_pool="clientes")
        self._drivers: list[AccessDriver] = []

    def close(self) -> None:
        for driver in self._drivers:
            driver.close()
        self.router.stop()

    def driver(self) -> AccessDriver:
        config = Config("127.0.0.1", "admin", "practica", self.router.port, timeout_s=30)
        driver = connect(config)
        self._drivers.append(driver)
        return driver

    def put(self, kind: Kind, key: str, attrs: dict[str, str], comment: str) -> None:
        words = {"comment": comment} if comment else {}
        if kind is Kind.ACCOUNT:
            words |= {"name": key, "password": attrs.get("password", "")}
            self.router.put("/ppp/secret", **words, remote_address=attrs.get("address", "10.9.9.9"))
        elif kind is Kind.QUEUE:
            target, limit = attrs.get("target", "10.9.9.9"), attrs.get("max", "1M/1M")
            self.router.put("/queue/simple", name=key, target=target, max_limit=limit, **words)
        elif kind is Kind.BLOCK:
            self.router.put("/ip/firewall/address-list", list="morosos", address=key, **words)
        else:
            self.router.put("/ppp/profile", name=key, rate_limit=attrs.get("max", ""), **words)

    def others(self) -> list[Any]:
        """Rows without our mark, as stored: ids, order and bytes included."""
        kept = []
        for path, table in self.router.store.tables.items():
            kept += [
                (path, item.id, sorted(item.values.items()))
                for item in table.items.values()
                if not item.volatile and not _is_ours(path, item.values)
            ]
        return kept

    def plug(self, name: str, password: str, way: str = "pppoe") -> None:
        interface = "lan" if way == "hotspot" else "ether2"
        self.router.plug(name, password, mac="AA:BB:CC:00:00:01", way=way, interface=interface)

    def sessions(self) -> set[str]:
        return set(self.router.sessions())

    def listed(self) -> set[str]:
        rows = self.router.rows("/ip/firewall/address-list")
        return {row["address"] for row in rows if row["list"] == "morosos"}

    def pass_time(self, seconds: int) -> None:
        self.router.pass_time(seconds)

    def go_wrong(self, wrong: str, nth: int) -> None:
        self.router.faults.plan(wrong, "/", nth)

    def heal(self) -> None:
        self.router.faults.clear()


def _is_ours(path: str, values: dict[str, str]) -> bool:
    """By the mark in the comment, or in the name where the menu has no comments."""
    if path in ("/queue/type", "/ip/hotspot/user/profile"):
        return is_branded(values.get("name", ""))
    return values.get("comment", "").startswith("caudal:")


BOXES: dict[str, dict[str, Callable[[], Any]]] = {
    "memory": {"memory": MemoryBox},
    "routeros": {
        f"routeros {version}": (lambda version=version: RouterOsBox(version))
        for version in (V6_OLD_LOGIN, V6, V7, V7_NEW)
    },
    "linux": {"linux": LinuxBox},
    "radius": {"radius": RadiusBox},
}
TECHNOLOGIES = {
    "memory": MemoryBox.technologies,
    "routeros": RouterOsBox.technologies,
    "linux": LinuxBox.technologies,
    "radius": RadiusBox.technologies,
}
GIVE_PREFIXES = frozenset({"memory", "routeros"})
LACKING = {"linux": lacking()}
_NAMES = [
    (slug, name) for slug in sorted(manifests("access")) for name in BOXES.get(slug, {slug: 0})
]


def _boxes(*needed: Technology) -> list[Any]:
    """Parameters for the boxes that serve these; one that cannot be made here says why."""
    return [
        pytest.param(
            (slug, name),
            id=name,
            marks=pytest.mark.skipif(bool(LACKING.get(slug)), reason=LACKING.get(slug, "")),
        )
        for slug, name in _NAMES
        if set(needed) <= TECHNOLOGIES.get(slug, frozenset(needed))
    ]


class Workshop:
    """Makes fresh boxes of one driver; each goes when the next comes."""

    def __init__(self, slug: str, name: str) -> None:
        self._make = BOXES[slug][name]
        self.technologies = TECHNOLOGIES[slug]
        self.prefixes = slug in GIVE_PREFIXES
        self._made: list[Any] = []

    def __call__(self) -> Any:
        self.close()
        self._made.append(self._make())
        return self._made[-1]

    def close(self) -> None:
        while self._made:
            self._made.pop().close()


@pytest.fixture(params=_boxes())
def new_box(request: pytest.FixtureRequest) -> Iterator[Workshop]:
    """A driver without a box fails here."""
    workshop = Workshop(*request.param)
    yield workshop
    workshop.close()


@pytest.fixture
def box(new_box: Workshop) -> Any:
    return new_box()


@pytest.fixture(params=_boxes(Technology.SIMPLE_QUEUE))
def queueing_box(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A box that holds one queue per customer."""
    workshop = Workshop(*request.param)
    yield workshop()
    workshop.close()


@pytest.fixture(params=_boxes(Technology.PPPOE))
def dialling_box(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A box whose customers sign in."""
    workshop = Workshop(*request.param)
    yield workshop()
    workshop.close()
