"""The memory router and its driver."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from caudal.core.access import LISTED, Device, Kind, Op, Row, Session, Snapshot, Verb
from caudal.core.ports.access import AccessError, AccessFault, OpResult


@dataclass(slots=True)
class MemoryRouter:
    """What the router holds. Set `fault` to be called before each command; it may raise.

    `partial` makes the next readings incomplete. `now_s` is the router's clock.
    """

    device: Device = field(default_factory=lambda: Device("memory", "1", "MEM0001"))
    rows: dict[str, Row] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    online: bool = True
    partial: bool = False
    now_s: int = 0
    fault: Callable[[str], None] | None = None
    _refs: Iterator[int] = field(default_factory=lambda: count(1))
    _written: dict[str, int] = field(default_factory=dict)

    def put(self, row: Row) -> Row:
        """Store a row as anybody would by hand; gives it a reference."""
        row = replace(row, ref=row.ref or str(next(self._refs)))
        self._written.setdefault(row.ref, self.now_s)
        self.rows[row.ref] = row
        return row

    def dial(
        self,
        name: str,
        *,
        address: str = "",
        mac: str = "",
        speed: str = "",
        kind: Kind = Kind.SESSION,
    ) -> Session:
        """A customer's device connects."""
        ref = f"s{next(self._refs)}"
        session = Session(name, address, mac, ref, 0, speed, kind=kind)
        self.sessions[session.ref] = session
        return session

    def pass_time(self, seconds: int) -> None:
        self.now_s += seconds
        for ref, session in self.sessions.items():
            self.sessions[ref] = replace(session, age_s=session.age_s + seconds)

    def aged_rows(self) -> tuple[Row, ...]:
        return tuple(
            replace(row, age_s=self.now_s - self._written[ref]) for ref, row in self.rows.items()
        )


_ROUTERS: dict[str, MemoryRouter] = {}


def router_named(name: str) -> MemoryRouter:
    return _ROUTERS.setdefault(name, MemoryRouter())


def forget_all() -> None:
    """Begin with routers that nobody has touched."""
    _ROUTERS.clear()


class MemoryDriver:
    """Reads and changes one MemoryRouter."""

    def __init__(self, router: MemoryRouter) -> None:
        self.router = router

    def probe(self) -> Device:
        self._command("probe")
        return self.router.device

    def read(self) -> Snapshot:
        self._command("read")
        if self.router.partial:
            return Snapshot(False, self.router.device, problems=("partial",))
        return Snapshot(
            True, self.router.device, self.router.aged_rows(), tuple(self.router.sessions.values())
        )

    def sessions(self) -> list[Session]:
        self._command("sessions")
        return list(self.router.sessions.values())

    def kick(self, session: Session) -> bool:
        self._command("kick")
        return self.router.sessions.pop(session.ref, None) is not None

    def apply(self, ops: Sequence[Op]) -> list[OpResult]:
        failed: set[str] = set()
        results = []
        for op in ops:
            result = self._one(op, failed)
            if not result.ok:
                failed.add(op.service_id)
            results.append(result)
        return results

    def close(self) -> None:
        """Nothing to let go of."""

    def _command(self, name: str) -> None:
        if not self.router.online:
            raise AccessError(AccessFault.UNREACHABLE)
        if self.router.fault:
            self.router.fault(name)

    def _one(self, op: Op, failed: set[str]) -> OpResult:
        if op.needs_earlier and op.service_id in failed:
            return OpResult(op, False, fault=AccessFault.SKIPPED)
        try:
            self._command(f"{op.verb} {op.row.kind}")
            return OpResult(op, True, changed=self._carry_out(op))
        except AccessError as error:
            return OpResult(op, False, fault=error.fault, detail=error.detail)

    def _carry_out(self, op: Op) -> bool:
        if op.verb is Verb.KICK:
            held_by = self.router.rows if op.row.kind is Kind.COOKIE else self.router.sessions
            return held_by.pop(op.row.ref, None) is not None
        held = self.router.rows.get(op.before.ref) if op.before else self._holder(op.row)
        if op.verb is Verb.REMOVE:
            return self._remove(op, held)
        if op.before and held is None:
            raise AccessError(AccessFault.GONE)
        return self._write(op, held)

    def _remove(self, op: Op, held: Row | None) -> bool:
        if held is None:
            return False
        if (held.kind, held.key, held.comment) != (op.row.kind, op.row.key, op.row.comment):
            raise AccessError(AccessFault.CHANGED_MEANWHILE)
        del self.router.rows[held.ref]
        return True

    def _write(self, op: Op, held: Row | None) -> bool:
        known = {op.row.comment, op.before.comment if op.before else op.row.comment}
        if held and held.comment not in known:
            raise AccessError(AccessFault.CHANGED_MEANWHILE, detail=held.comment)
        if self._holder(op.row) not in (None, held):
            raise AccessError(AccessFault.REFUSED, detail="already have such name")
        written = replace(op.row, ref=held.ref if held else "", age_s=None)
        if held == written:
            return False
        self.router.put(written)
        return True

    def _holder(self, row: Row) -> Row | None:
        """Who has what the row would take. As on real routers, a disabled list entry holds nothing,
        and a lease holds its device too."""
        for held in self.router.rows.values():
            if (held.kind, held.key) == (row.kind, row.key):
                if held.enabled or held.kind not in LISTED:
                    return held
            elif row.kind is held.kind is Kind.LEASE and _same_client(held, row):
                return held
        return None


def _same_client(one: Row, other: Row) -> bool:
    return all(one.attrs.get(name) == other.attrs.get(name) for name in ("mac", "server"))
