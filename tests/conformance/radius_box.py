"""The RADIUS driver, its tables in memory, and a router that obeys it on a real socket."""

from itertools import count
from typing import Any

from caudal.core.access import Kind, Row, Technology
from caudal.core.ports.access import AccessDriver, AccessError, AccessFault
from tests.rig.radius import Setup


class RadiusBox:
    """What goes wrong: the tables cannot be reached, or the router does not answer."""

    wrongs = ("tables", "silent")
    technologies = frozenset({Technology.RADIUS})

    def __init__(self) -> None:
        self.setup = Setup()
        self.plugged: dict[str, str] = {}

    def close(self) -> None:
        self.setup.close()

    def driver(self) -> AccessDriver:
        return self.setup.driver(timeout_s=0.9)  # over before a lost request is sent again

    def put(self, kind: Kind, key: str, attrs: dict[str, str], comment: str) -> None:
        self.setup.book.put(Row(Kind.LOGIN, key, attrs, comment))

    def others(self) -> list[Any]:
        rows = self.setup.book.logins.values()
        return [row for row in rows if not row.comment.startswith("caudal:")]

    def plug(self, name: str, password: str) -> None:
        self.plugged[name] = password
        self.redial()

    def redial(self) -> None:
        for name in self.plugged.keys() - self.sessions():
            self.setup.dial(name, self.plugged[name])

    def sessions(self) -> set[str]:
        return {session.name for session in self.setup.book.open.values()}

    def listed(self) -> set[str]:
        """Who would be told to see the notice only."""
        rows = self.setup.book.logins.values()
        return {row.attrs["address"] for row in rows if not row.enabled and row.attrs["address"]}

    def pass_time(self, seconds: int) -> None:
        self.redial()

    def go_wrong(self, wrong: str, nth: int) -> None:
        if wrong == "silent":
            self.setup.nas.silent_at = len(self.setup.nas.asked) + nth
            return
        calls = count(1)

        def fault() -> None:
            if next(calls) == nth:
                raise AccessError(AccessFault.CONNECTION_LOST)

        self.setup.book.fault = fault

    def heal(self) -> None:
        self.setup.nas.silent_at = 0
        self.setup.book.fault = lambda: None
