"""Reads a Linux router and carries out a plan on it as one transaction."""

from collections.abc import Callable, Sequence

from caudal.core.access import Device, Kind, Op, Snapshot
from caudal.core.access.brakes import FORGETS
from caudal.core.ports.access import (
    LIFE,
    AccessError,
    AccessFault,
    Counter,
    OpResult,
    PingResult,
)
from caudal.integrations.access.linux import pings, reading, ruleset
from caudal.integrations.access.linux.ruleset import Rules
from caudal.integrations.access.linux.sheet import Sheet
from caudal.integrations.access.linux.shell import Answer, Shell
from caudal.integrations.access.linux.state import DOWN, UP, State
from caudal.integrations.access.linux.translate import rows
from caudal.integrations.access.linux.writing import DONE, script

_LOST = frozenset({AccessFault.UNREACHABLE, AccessFault.TIMED_OUT, AccessFault.CONNECTION_LOST})


class LinuxDriver:
    """One router behind one shell, opened when first needed."""

    def __init__(self, open_shell: Callable[[], Shell], rules: Rules) -> None:
        self._open = open_shell
        self._rules = rules
        self._shell: Shell | None = None

    def close(self) -> None:
        if self._shell:
            self._shell.close()
        self._shell = None

    # -- reading

    def probe(self) -> Device:
        state, parts = self._state()
        return reading.device(parts, self._facts(state, parts))

    def read(self) -> Snapshot:
        state, parts = self._state()
        return Snapshot(True, reading.device(parts, self._facts(state, parts)), tuple(rows(state)))

    def life(self) -> str:
        return reading.life(reading.sections(self._run(reading.STANDS)))

    def counters(self) -> list[Counter]:
        """Bytes that the classes of each customer let pass, by the name of his queue."""
        state, _parts = self._state()
        down, up = state.sent_bytes.get(DOWN, {}), state.sent_bytes.get(UP, {})
        queues = [row for row in rows(state) if row.kind is Kind.QUEUE and row.ref[:5] == "class"]
        minors = ((row.key, int(row.ref[6:], 16)) for row in queues)
        return [Counter(name, up.get(n, 0), down.get(n, 0)) for name, n in minors]

    def ping(self, address: str, *, count: int = 3) -> PingResult:
        return pings.result(self._run(pings.script(address, count)), count)

    def _state(self) -> tuple[State, dict[str, str]]:
        parts = reading.sections(self._run(reading.READ))
        return reading.state(parts), parts

    def _facts(self, state: State, parts: dict[str, str]) -> dict[str, str]:
        facts = {
            "nft": parts["nft"].strip(),
            FORGETS: "at restart",
            LIFE: reading.life(parts),
            "clock": parts["clock"].strip(),
            **self._rules_facts(state),
        }
        assert self._shell
        return {**facts, **self._shell.facts()}

    def _rules_facts(self, state: State) -> dict[str, str]:
        """As a RouterOS device tells of its rules; empty until something was written."""
        if not state.rules:
            return {}
        if not ruleset.in_force(state, Kind.BLOCK):
            return {"cut_rule": "rewritten"}
        notice = "ok" if self._rules.notice else "missing"
        outdated = {} if ruleset.in_place(self._rules, state) else {"rules": "outdated"}
        return {"cut_rule": "ok", "notice_rule": notice, **outdated}

    # -- writing

    def apply(self, ops: Sequence[Op]) -> list[OpResult]:
        if not ops:
            return []
        try:
            return self._applied(list(ops))
        except AccessError as error:
            return [OpResult(op, False, fault=error.fault, detail=error.detail) for op in ops]

    def install(self) -> None:
        """Write rules and devices anew, customers as they are. Raises AccessError."""
        state, _parts = self._state()
        self._send(Sheet(state))

    def _applied(self, ops: list[Op]) -> list[OpResult]:
        """Try everything at once; what the router refuses is tried again in halves, so that one
        bad operation does not stop those of other services."""
        state, _parts = self._state()
        sheet = _on_paper(state, ops)
        try:
            self._send(sheet)
        except AccessError as error:
            if error.permanent or error.fault in _LOST or len(ops) == 1:
                raise
            self._send(Sheet(self._state()[0]))  # does it take anything at all?
            middle = len(ops) // 2
            return [*self.apply(ops[:middle]), *self.apply(ops[middle:])]
        return sheet.results

    def _send(self, sheet: Sheet) -> None:
        text = self._run(script(sheet, self._rules))
        if DONE not in text:
            raise AccessError(AccessFault.CONNECTION_LOST, detail=text[-200:])

    def _run(self, text: str) -> str:
        """What a script printed. Raises AccessError."""
        if self._shell is None:
            self._shell = self._open()
        try:
            answer = self._shell.run(reading.whole(text))
        except AccessError:
            self.close()
            raise
        return _checked(answer)


def _on_paper(state: State, ops: list[Op]) -> Sheet:
    """The plan carried out, what would clash with the addresses of other rows refused."""
    refused: dict[int, OpResult] = {}
    while True:
        sheet = Sheet(state)
        sheet.carry_out(ops, refused)
        clashing = sheet.clashes() - refused.keys()
        if not clashing:
            return sheet
        for n in clashing:
            detail = "another entry holds this address"
            refused[n] = OpResult(ops[n], False, fault=AccessFault.REFUSED, detail=detail)


def _checked(answer: Answer) -> str:
    """The printed text of a script that ended well. Raises AccessError."""
    if answer.code == 0:
        return answer.printed
    said = answer.complaint.strip() or answer.printed.strip()[-200:]
    words = said.lower()
    if "not permitted" in words or "permission denied" in words or "sudo:" in words:
        raise AccessError(AccessFault.NOT_PERMITTED, permanent=True, detail=said[:300])
    if "not found" in words and "sh:" in words:
        raise AccessError(AccessFault.BAD_CONFIG, permanent=True, detail=said[:300])
    raise AccessError(AccessFault.REFUSED, detail=said[:300])
