"""A plan carried out on paper: what the router would hold, and what became of each operation."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import ip_address, ip_network

from caudal.core.access import Kind, Op, Row, Verb
from caudal.core.ports.access import AccessFault, OpResult
from caudal.integrations.access.linux.shaping import shapes
from caudal.integrations.access.linux.state import (
    DEVICES,
    Element,
    Shape,
    State,
    free_minors,
    used_minors,
)
from caudal.integrations.access.linux.translate import elements, is_held, rows, targets

Place = tuple[str, str]
"""Set and value."""
Span = tuple[int, int, int]
"""Version, first and last address as numbers."""


@dataclass(slots=True)
class Sheet:
    """Rows by reference as they were read, changed by operations one after the other."""

    state: State
    rows: dict[tuple[Kind, str], Row] = field(default_factory=dict)
    results: list[OpResult] = field(default_factory=list)
    _failed: set[str] = field(default_factory=set)
    _touched: set[tuple[Kind, str]] = field(default_factory=set)
    _keys: dict[tuple[Kind, str], str] = field(default_factory=dict)
    _minors: Iterator[int] = field(default_factory=lambda: iter(()))
    _read: dict[tuple[Kind, str], Row] = field(default_factory=dict)

    def __post_init__(self) -> None:
        found = list(rows(self.state))
        self._read = {(row.kind, row.ref): row for row in found}
        self.rows = dict(self._read)
        self._keys = {(row.kind, row.key): row.ref for row in found}
        self._minors = free_minors(used_minors(self.state))

    def carry_out(self, ops: Iterable[Op], refused: Mapping[int, OpResult]) -> None:
        """Write the result of each operation down; nothing is sent. Those that are refused
        already, by place, change nothing."""
        for n, op in enumerate(ops):
            result = refused.get(n) or self._one(op)
            if not result.ok:
                self._failed.add(op.service_id)
            self.results.append(result)

    def elements(self) -> tuple[dict[Place, Element], dict[Place, Element]]:
        """The elements of the rows that were touched: as read, and as they are to be."""
        before: dict[Place, Element] = {}
        for name, found in self.state.elements.items():
            before |= {(name, value): element for value, element in found.items()}
        olds = (self._read[at] for at in self._touched if at in self._read)
        gone = {place for row in olds for place in _places(row)}
        news = {at: self.rows[at] for at in self._touched if at in self.rows}
        after = {
            (name, value): element
            for at, row in news.items()
            for name, value, element in elements(row, _minor(at[1]))
        }
        places = gone | after.keys()
        return {place: before[place] for place in places if place in before}, after

    def shapes(self) -> dict[str, dict[int, Shape]]:
        """The classes of the queues that were touched, by device."""
        found: dict[str, dict[int, Shape]] = {name: {} for name in DEVICES}
        for kind, ref in self._touched:
            row = self.rows.get((kind, ref))
            if kind is Kind.QUEUE and row and _minor(ref):
                for device, shape in shapes(row.attrs).items():
                    found[device][_minor(ref)] = shape
        return found

    def _one(self, op: Op) -> OpResult:
        if op.needs_earlier and op.service_id in self._failed:
            return OpResult(op, False, fault=AccessFault.SKIPPED)
        if not is_held(op.row):
            return OpResult(op, False, fault=AccessFault.REFUSED, detail="not on this router")
        ref = self._held(op)
        if op.verb is Verb.REMOVE:
            return self._remove(op, ref)
        if op.before and not ref:
            return OpResult(op, False, fault=AccessFault.GONE)
        return self._write(op, ref)

    def _held(self, op: Op) -> str:
        """The reference of the row that an operation is about, empty where there is none."""
        if op.before is None:
            return self._keys.get((op.row.kind, op.row.key), "")
        return op.before.ref if (op.row.kind, op.before.ref) in self.rows else ""

    def _remove(self, op: Op, ref: str) -> OpResult:
        if not ref:
            return OpResult(op, True)
        held = self.rows[op.row.kind, ref]
        if (held.key, held.comment) != (op.row.key, op.row.comment):
            return OpResult(op, False, fault=AccessFault.CHANGED_MEANWHILE, detail=held.comment)
        self._forget(held)
        return OpResult(op, True, changed=True)

    def _write(self, op: Op, ref: str) -> OpResult:
        held = self.rows.get((op.row.kind, ref)) if ref else None
        known = {op.row.comment, op.before.comment if op.before else op.row.comment}
        if held and held.comment not in known:
            return OpResult(op, False, fault=AccessFault.CHANGED_MEANWHILE, detail=held.comment)
        if self._keys.get((op.row.kind, op.row.key), ref) != ref:
            return OpResult(op, False, fault=AccessFault.REFUSED, detail="this name is taken")
        row = replace(op.row, ref=self._ref(op.row, ref), age_s=None)
        if held == row:
            return OpResult(op, True)
        if held:
            self._forget(held)
        self.rows[row.kind, row.ref] = row
        self._keys[row.kind, row.key] = row.ref
        self._touched.add((row.kind, row.ref))
        return OpResult(op, True, changed=True)

    def _ref(self, row: Row, ref: str) -> str:
        """A queue keeps its class, and gets one where it has none yet."""
        if row.kind is not Kind.QUEUE:
            return ref or row.key
        return ref if _minor(ref) else f"class {next(self._minors):x}"

    def _forget(self, row: Row) -> None:
        del self.rows[row.kind, row.ref]
        self._keys.pop((row.kind, row.key), None)
        self._touched.add((row.kind, row.ref))

    def clashes(self) -> set[int]:
        """Places in the results of operations whose addresses another row holds in the end.

        nft would refuse the whole transaction for one of them.
        """
        shared = {kind: _shared(spans) for kind, spans in self._spans().items()}
        found = set()
        for n, result in enumerate(self.results):
            row = result.op.row
            at = (row.kind, self._keys.get((row.kind, row.key), ""))
            changed = result.ok and at in self._touched and at in self.rows
            if changed and not shared[row.kind].isdisjoint(_spans(row)):
                found.add(n)
        return found

    def _spans(self) -> dict[Kind, list[Span]]:
        spans: dict[Kind, list[Span]] = {}
        for row in self.rows.values():
            spans.setdefault(row.kind, []).extend(_spans(row))
        return spans


def _minor(ref: str) -> int:
    """The class number in the reference of a queue; 0 for what has none."""
    return int(ref[6:], 16) if ref.startswith("class ") else 0


def _places(row: Row) -> Iterator[Place]:
    for name, value, _element in elements(row, 1):
        yield name, value


def _spans(row: Row) -> list[Span]:
    return [_span(value) for value in targets(row)]


def _span(value: str) -> Span:
    first, dash, last = value.partition("-")
    if dash:  # a range typed by hand
        return ip_address(first).version, int(ip_address(first)), int(ip_address(last))
    net = ip_network(value)
    return net.version, int(net.network_address), int(net.broadcast_address)


def _shared(spans: list[Span]) -> set[Span]:
    """Those that overlap with another."""
    found: set[Span] = set()
    widest: Span | None = None
    for span in sorted(spans):
        if widest and span[0] == widest[0] and span[1] <= widest[2]:
            found |= {span, widest}
        if widest is None or (span[0], span[2]) > (widest[0], widest[2]):
            widest = span
    return found
