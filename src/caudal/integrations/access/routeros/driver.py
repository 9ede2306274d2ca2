"""Reads a router and carries out a plan on it, in order, in batches, and never assuming."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from caudal.core.access import Device, Kind, Op, Row, Session, Snapshot, Verb
from caudal.core.access.rows import MARKINGS
from caudal.core.ports.access import (
    AccessError,
    AccessFault,
    Candidate,
    Counter,
    OpResult,
    PingResult,
)
from caudal.integrations.access.routeros import reading, values, whole
from caudal.integrations.access.routeros.candidates import candidates
from caudal.integrations.access.routeros.marking import Mangle
from caudal.integrations.access.routeros.menus import MENUS
from caudal.integrations.access.routeros.translate import vendor_values
from caudal.integrations.access.routeros.wire import Reply, Sentence, Wire, chunks, command

BATCH = 100  # ids in one command


@dataclass(frozen=True, slots=True)
class Step:
    """One command and the operations it carries out."""

    sentence: Sentence
    ops: tuple[Op, ...]


class RouterOsDriver:
    """One router over one connection, opened when first needed and again after it broke."""

    def __init__(self, connect: Callable[[], Wire], block_list: str) -> None:
        self._connect = connect
        self._block_list = block_list
        self._wire: Wire | None = None
        # What each reference stood for when read on this connection. References of live rows are
        # given anew after a reboot, so a plan made earlier is checked against this first.
        self._known: dict[tuple[Kind, str], tuple[str, str]] = {}
        # Menus of which all that they held when they were read on this connection is known.
        self._whole: set[Kind] = set()
        self._there: set[tuple[Kind, str, str]] = set()
        self._mangles: dict[Kind, Mangle] = {}
        self._wholes: dict[tuple[Kind, str], dict[str, str]] = {}
        self._options: dict[tuple[Kind, str], dict[str, str]] = {}

    def close(self) -> None:
        if self._wire:
            self._wire.close()
        self._wire = None
        self._forget()

    def _forget(self) -> None:
        self._known.clear()
        self._whole.clear()
        self._mangles.clear()

    # -- reading

    def probe(self) -> Device:
        replies = self._ask({**reading.DEVICE, **reading.RULES, **reading.ARP})
        self._all_needed(replies, reading.DEVICE.keys() - reading.OPTIONAL)
        facts = reading.rule_facts(replies, self._block_list) | reading.arp_facts(replies)
        return reading.device(replies, facts)

    def read(self) -> Snapshot:
        self._forget()
        replies = self._ask({**reading.DEVICE, **reading.rows_of(self._block_list)})
        snapshot = reading.snapshot(replies)
        self._remember(snapshot.rows, snapshot.sessions)
        self._whole = set(MENUS) if snapshot.complete else set()
        self._mangles = {kind: reading.mangle_of(kind, replies) for kind in MARKINGS}
        return snapshot

    def sessions(self) -> list[Session]:
        replies = self._ask(reading.SESSIONS)
        self._all_needed(replies, replies)
        return reading.sessions(replies)

    def counters(self) -> list[Counter]:
        replies = self._ask(reading.COUNTERS)
        self._all_needed(replies, replies)
        return reading.counters(replies)

    def ping(self, address: str, *, count: int = 3) -> PingResult:
        asked = command("/ping", {"address": address, "count": str(count)})
        replies = self._talk_or_raise([asked])
        self._all_needed({"ping": replies[0]}, {"ping"})
        last = replies[0].rows[-1] if replies[0].rows else {}
        average = values.milliseconds(last.get("avg-rtt", ""))
        sent = values.count(last.get("sent", "")) or count
        return PingResult(sent, values.count(last.get("received", "")), average)

    def import_candidates(self) -> list[Candidate]:
        replies = self._ask(reading.rows_of(self._block_list))
        self._all_needed(replies, replies)
        return candidates(replies, self._block_list)

    def _ask(self, questions: dict[str, Sentence]) -> dict[str, Reply]:
        """Raises AccessError only when nothing at all was answered."""
        replies = self._talk_or_raise(list(questions.values()))
        return dict(zip(questions, replies, strict=True))

    def _talk_or_raise(self, sentences: Sequence[Sentence]) -> list[Reply]:
        replies = self._talk(sentences)
        lost = [reply.lost for reply in replies if reply.lost]
        if lost and len(lost) == len(replies):
            raise lost[0]
        return replies

    def _talk(self, sentences: Sequence[Sentence]) -> list[Reply]:
        if self._wire is None or self._wire.closed:
            self._forget()
            self._wire = self._connect()
        return self._wire.talk(sentences)

    @staticmethod
    def _all_needed(replies: dict[str, Reply], needed: Iterable[str]) -> None:
        for name in sorted(needed):
            reply = replies[name]
            if reply.lost:
                raise reply.lost
            if reply.trap is not None and not reading.is_absent(name, reply):
                raise _refusal(reply.trap)

    def _talk_on(self, sentences: Sequence[Sentence]) -> list[Reply]:
        """On the connection that is open; on a broken one everything is lost.

        A plan is never continued on a new connection: the router may have been restarted.
        """
        assert self._wire
        return self._wire.talk(sentences)

    def _remember(self, rows: Iterable[Row], sessions: Iterable[Session]) -> None:
        self._known |= {(row.kind, row.ref): (row.key, row.comment) for row in rows}
        self._known |= {(s.kind, s.ref): (s.name, "") for s in sessions}

    # -- writing

    def kick(self, session: Session) -> bool:
        (reply,) = self._talk_or_raise(
            [command(f"{MENUS[session.kind].path}/remove", {".id": session.ref})]
        )
        if reply.trap and "no such item" in reply.trap:
            return False
        self._all_needed({"kick": reply}, {"kick"})
        return True

    def apply(self, ops: Sequence[Op]) -> list[OpResult]:
        results: dict[int, OpResult] = {}
        try:
            self._check_references(ops)
        except AccessError as error:
            return [OpResult(op, False, fault=error.fault, detail=error.detail) for op in ops]
        self._there = {
            (kind, *row) for (kind, _), row in self._known.items() if MENUS[kind].repeats
        }
        self._wholes = self._printed_whole(ops)
        self._options = self._set_by_hand(ops)
        failed: set[str] = set()
        for _, group in groupby(ops, key=lambda op: op.stage):
            stage = list(group)
            self._stage(stage, failed, results)
            failed |= {op.service_id for op in stage if not results[id(op)].ok}
        return [results[id(op)] for op in ops]

    def _check_references(self, ops: Sequence[Op]) -> None:
        """Read again what a plan refers to, unless this connection has just read it."""
        asked = {op.row.kind for op in ops if not self._is_known(op)}
        asked |= {reading.MEMBER_OF[kind] for kind in asked & MARKINGS}
        if not asked and self._wire and not self._wire.closed:
            return
        replies = self._ask({str(kind): reading.printing(kind, self._block_list) for kind in asked})
        self._all_needed(replies, replies)
        for kind in asked:
            for row in replies[str(kind)].rows:
                key, text = reading.identity(kind, row)
                self._known[kind, row.get(".id", "")] = (key, text)
            self._whole.add(kind)
        self._mangles |= {kind: reading.mangle_of(kind, replies) for kind in asked & MARKINGS}

    def _printed_whole(self, ops: Sequence[Op]) -> dict[tuple[Kind, str], dict[str, str]]:
        """All that is to be known of the rows of others that are about to be taken away."""
        found = {}
        for op in whole.are_asked(ops):
            row, order = self._talk_on(whole.asking(op))
            found[op.row.kind, op.before.ref if op.before else ""] = whole.told(op, row, order)
        return found

    def _set_by_hand(self, ops: Sequence[Op]) -> dict[tuple[Kind, str], dict[str, str]]:
        """By kind and service: what a row that is about to be renewed has besides ours."""
        renewed = whole.are_renewed(ops)
        replies = self._talk_on([whole.asking(op)[0] for op in renewed])
        return {
            (op.row.kind, op.service_id): whole.options(op, reply)
            for op, reply in zip(renewed, replies, strict=True)
        }

    def _is_known(self, op: Op) -> bool:
        """Whether this connection has read what the operation is about."""
        if op.before:
            return (op.row.kind, op.before.ref) in self._known
        if op.row.whole:
            return op.row.kind in self._whole
        return not MENUS[op.row.kind].repeats or op.row.kind in self._whole

    def _stage(self, ops: list[Op], failed: set[str], results: dict[int, OpResult]) -> None:
        """All operations of one stage; the next waits for their answers."""
        ready = []
        for op in ops:
            early = self._without_sending(op, failed)
            if early:
                results[id(op)] = early
            else:
                ready.append(op)
        for op, reply in self._send(self.steps(ready)):
            result = self._result(op, reply)
            if id(op) not in results or not result.ok:
                results[id(op)] = result

    def _without_sending(self, op: Op, failed: set[str]) -> OpResult | None:
        if op.needs_earlier and op.service_id in failed:
            return OpResult(op, False, fault=AccessFault.SKIPPED)
        if op.before is None:
            return self._settled(op, "") if self._is_there(op) else None
        known = self._known.get((op.row.kind, op.before.ref))
        if known is None:
            if op.verb is Verb.SET:
                return OpResult(op, False, fault=AccessFault.GONE)
            return OpResult(op, True)
        if known not in [(row.key, row.comment) for row in (op.before, op.row)]:
            return OpResult(op, False, fault=AccessFault.CHANGED_MEANWHILE, detail=known[0])
        if op.row.kind in MARKINGS and not self._changing(op):
            return OpResult(op, True)  # the rule that stood in its way went meanwhile
        return None

    def _is_there(self, op: Op) -> bool:
        """Was this very row added before, where the router would add it once more?"""
        return (op.row.kind, op.row.key, op.row.comment) in self._there

    def _send(self, steps: list[Step]) -> list[tuple[Op, Reply]]:
        """Answers per operation; a batch that failed is asked again one by one."""
        answers: list[tuple[Op, Reply]] = []
        again: list[Op] = []
        for step, reply in zip(steps, self._talk_on([s.sentence for s in steps]), strict=True):
            if len(step.ops) > 1 and reply.trap is not None:
                again += step.ops
            else:
                answers += [(op, reply) for op in step.ops]
        if again:
            answers += self._send([step for op in again for step in self.steps([op])])
        return answers

    def steps(self, ops: list[Op]) -> list[Step]:
        """Commands for operations: additions one by one, equal changes and removals by batches."""
        steps = []
        alike: dict[tuple[str, ...], list[Op]] = {}
        for op in ops:
            if _is_renewed(op):
                gone = {".id": op.before.ref if op.before else ""}
                steps.append(Step(command(f"{MENUS[op.row.kind].path}/remove", gone), (op,)))
            if op.verb is Verb.ADD or _is_renewed(op):
                steps.append(Step(self._addition(op), (op,)))
            else:
                for words in self._changing(op):
                    alike.setdefault(words, []).append(op)
        for words, same in alike.items():
            by_ref = {op.before.ref: op for op in same if op.before}
            for refs in chunks(list(by_ref), BATCH):
                rows = "numbers" if words[0].endswith("/move") else ".id"
                sentence = [words[0], f"={rows}={','.join(refs)}", *words[1:]]
                steps.append(Step(sentence, tuple(by_ref[ref] for ref in refs)))
        return steps

    def _addition(self, op: Op) -> Sentence:
        filled = whole.again(op.row) or {
            **self._options.get((op.row.kind, op.service_id), {}),
            **vendor_values(op.row, self._block_list),
        }
        filled |= {"place-before": self._place(op.row)}
        return command(
            f"{MENUS[op.row.kind].path}/add", {name: text for name, text in filled.items() if text}
        )

    def _changing(self, op: Op) -> list[tuple[str, ...]]:
        """The commands for one existing row, without its reference."""
        menu = MENUS[op.row.kind]
        if op.verb in (Verb.REMOVE, Verb.KICK) or op.before is None:
            return [(f"{menu.path}/remove",)]
        before = vendor_values(op.before, self._block_list)
        after = vendor_values(op.row, self._block_list)
        after |= {name: menu.defaults.get(name, "") for name in before.keys() - after.keys()}
        changed = {name: text for name, text in after.items() if before.get(name, "") != text}
        emptied = [name for name, text in changed.items() if not text and name in menu.unset]
        said = {name: text or menu.empty.get(name, "") for name, text in changed.items()}
        written = [f"={name}={text}" for name, text in said.items() if name not in emptied]
        commands = [(f"{menu.path}/set", *written)] if written else []
        commands += [(f"{menu.path}/unset", f"=value-name={name}") for name in emptied]
        above = self._place(op.row) if "place" in op.before.attrs.keys() - op.row.attrs else ""
        return [*commands, (f"{menu.path}/move", f"=destination={above}")] if above else commands

    def _place(self, row: Row) -> str:
        """The handle of the row before which one has to stand; "" where any place will do."""
        if row.whole:
            return whole.place(row, self._known)
        mangle = self._mangles.get(row.kind)
        return mangle.stopper(row.attrs) if mangle else ""

    # -- after the answer

    def _result(self, op: Op, reply: Reply) -> OpResult:
        if reply.ok:
            ref = op.before.ref if op.before else reply.ret
            self._note(op, ref)
            gone = self._wholes.get((op.row.kind, ref), {}) if op.verb is Verb.REMOVE else {}
            return OpResult(op, True, changed=True, whole=gone)
        if reply.lost:
            return OpResult(op, False, fault=reply.lost.fault, detail=reply.lost.detail)
        return self._settled(op, reply.trap or "")

    def _note(self, op: Op, ref: str) -> None:
        """What this connection knows after an operation that went well."""
        if op.verb in (Verb.REMOVE, Verb.KICK):
            self._known.pop((op.row.kind, ref), None)
        else:
            self._known[op.row.kind, ref] = (op.row.key, op.row.comment)

    def _settled(self, op: Op, trap: str) -> OpResult:
        """After an error, what is there now decides: errors come half done, and repeats refused."""
        try:
            now = self._now(op)
        except AccessError as error:
            return OpResult(op, False, fault=error.fault, detail=error.detail)
        if op.verb in (Verb.REMOVE, Verb.KICK):
            gone = now is None
            return OpResult(op, gone, fault=None if gone else _fault(trap), detail=trap)
        if now is None:
            fault = _fault(trap) if op.verb is Verb.ADD else AccessFault.GONE
            return OpResult(op, False, fault=fault, detail=trap)
        if now.comment != op.row.comment:
            return OpResult(op, False, fault=_fault(trap), detail=trap)
        if self._as_wanted(op.row, now):
            return OpResult(op, True, changed=True, detail=trap)
        return self._corrected(op, now, trap)

    def _now(self, op: Op) -> Row | None:
        """The row an operation is about, as it stands. Raises AccessError."""
        (reply,) = self._talk_on([reading.one(op, self._block_list)])
        self._all_needed({"one": reply}, {"one"})
        rows = reading.rows(op.row.kind, reply)
        return rows[0] if rows else None

    def _as_wanted(self, row: Row, now: Row) -> bool:
        return vendor_values(row, self._block_list) == vendor_values(now, self._block_list)

    def _corrected(self, op: Op, now: Row, trap: str) -> OpResult:
        """The row is ours but not right: it was there already. Set it, once."""
        if op.verb is not Verb.ADD:
            return OpResult(op, False, fault=_fault(trap), detail=trap)
        change = Op(Verb.SET, op.row, now, op.service_id, op.why, op.effect)
        replies = self._talk_on([step.sentence for step in self.steps([change])])
        good = all(reply.ok for reply in replies)
        return OpResult(op, good, changed=good, fault=None if good else _fault(trap), detail=trap)


def _is_renewed(op: Op) -> bool:
    """Has the row what cannot be taken from it?"""
    if op.verb is not Verb.SET or op.before is None:
        return False
    return not MENUS[op.row.kind].renewing.isdisjoint(op.before.attrs)


def _fault(trap: str) -> AccessFault:
    return AccessFault.NOT_PERMITTED if "not enough permissions" in trap else AccessFault.REFUSED


def _refusal(trap: str) -> AccessError:
    fault = _fault(trap)
    return AccessError(fault, permanent=fault is AccessFault.NOT_PERMITTED, detail=trap)
