"""The driver: answers are rows of the book, live sessions are changed on the router."""

import time
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from caudal.core.access import Device, Kind, Op, Session, Snapshot, Verb
from caudal.core.access.logins import rate_of
from caudal.core.ports.access import AccessError, AccessFault, OpResult
from caudal.core.ports.radius import Book, Target
from caudal.integrations.access.radius.wire import NO_SESSION, Answer, Wire

ONLY_THE_SPEED = "old-speed"


class RadiusDriver:
    """One router that asks our RADIUS server."""

    def __init__(self, book: Book, wire: Wire, name: str = "", settle_s: float = 0) -> None:
        self._book = book
        self._wire = wire
        self._name = name
        self._settle_s = settle_s

    def probe(self) -> Device:
        """Nothing is sent: a router answers changes of sessions only."""
        heard = self._book.heard_at()
        facts = {"heard_at": heard.isoformat()} if heard else {}
        return Device(self._name, "RADIUS", "radius", facts=facts)

    def read(self) -> Snapshot:
        return Snapshot(True, self.probe(), self._book.rows(), self._book.sessions())

    def sessions(self) -> list[Session]:
        return list(self._book.sessions())

    def kick(self, session: Session) -> bool:
        """Close one session. Raises AccessError where the router does not answer or refuses."""
        (found,) = self._close([session.ref]).values()
        if isinstance(found, AccessError):
            raise found
        self._settle([session.ref])
        return found

    def apply(self, ops: Sequence[Op]) -> list[OpResult]:
        results: dict[int, OpResult] = {}
        failed: set[str] = set()
        for kicks, group in groupby(ops, lambda op: op.verb is Verb.KICK):
            some = list(group)
            done = self._kicks(some, failed) if kicks else (self._write(op, failed) for op in some)
            for op, result in zip(some, done, strict=True):
                results[id(op)] = result
                if not result.ok:
                    failed.add(op.service_id)
        return [results[id(op)] for op in ops]

    def close(self) -> None:
        self._wire.close()

    def _write(self, op: Op, failed: Collection[str]) -> OpResult:
        if op.needs_earlier and op.service_id in failed:
            return OpResult(op, False, fault=AccessFault.SKIPPED)
        try:
            if op.row.kind is not Kind.LOGIN:
                raise AccessError(AccessFault.REFUSED, detail=str(op.row.kind))
            if op.verb is Verb.REMOVE:
                return OpResult(op, True, changed=self._book.remove(op.row))
            return OpResult(op, True, changed=self._book.write(op.row, op.before))
        except AccessError as error:
            return OpResult(op, False, fault=error.fault, detail=error.detail)

    def _kicks(self, ops: Sequence[Op], failed: Collection[str]) -> Iterator[OpResult]:
        """Sessions whose speed alone is old are changed; the others, and who refuses, closed."""
        allowed = [op for op in ops if op.service_id not in failed]
        try:
            changed = self._change([op for op in allowed if op.reason == ONLY_THE_SPEED])
            refs = [op.row.ref for op in allowed if op.row.ref not in changed]
            found = self._close(refs)
        except AccessError as error:
            yield from (OpResult(op, False, fault=error.fault, detail=error.detail) for op in ops)
            return
        self._settle([ref for ref, was in found.items() if was is True])
        for op in ops:
            if op.service_id in failed:
                yield OpResult(op, False, fault=AccessFault.SKIPPED)
            else:
                yield _result(op, found.get(op.row.ref, True))

    def _change(self, ops: Sequence[Op]) -> set[str]:
        """References of the sessions that took the new speed."""
        wanted = {op.row.ref: op.row.attrs.get("wanted", "") for op in ops}
        targets = [t for t in self._book.targets(list(wanted)) if rate_of(wanted[t.ref])]
        asked = [
            _named(target) | {"Mikrotik-Rate-Limit": rate_of(wanted[target.ref])}
            for target in targets
        ]
        taken = set()
        for target, answer in zip(targets, self._wire.change(asked), strict=True):
            if answer and answer.ok:
                self._book.carries(target.ref, wanted[target.ref])
                taken.add(target.ref)
        return taken

    def _close(self, refs: Collection[str]) -> dict[str, bool | AccessError]:
        """By reference: closed, was not there (False), or why it is still open."""
        found: dict[str, bool | AccessError] = dict.fromkeys(refs, False)
        targets = self._book.targets(refs)
        answers = self._wire.disconnect([_named(target) for target in targets])
        for target, answer in zip(targets, answers, strict=True):
            found[target.ref] = self._judge(target, answer)
        return found

    def _judge(self, target: Target, answer: Answer | None) -> bool | AccessError:
        if answer is None:
            return AccessError(AccessFault.TIMED_OUT)
        if answer.ok:
            return True
        if answer.cause == NO_SESSION:
            self._book.ended(target.ref)
            return False
        return AccessError(AccessFault.REFUSED, detail=f"Error-Cause {answer.cause}")

    def _settle(self, refs: Collection[str]) -> None:
        """An ACK is a promise; the session is over when its last report says so."""
        ends = time.monotonic() + self._settle_s
        while refs and time.monotonic() < ends and self._book.targets(refs):
            time.sleep(0.05)


def _named(target: Target) -> dict[str, str]:
    named = {"User-Name": target.username, "Acct-Session-Id": target.session_id}
    return named | ({"Framed-IP-Address": target.address} if target.address else {})


def _result(op: Op, found: bool | AccessError) -> OpResult:
    if isinstance(found, AccessError):
        return OpResult(op, False, fault=found.fault, detail=found.detail)
    return OpResult(op, True, changed=found)
