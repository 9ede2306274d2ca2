"""Looks at and installs the rules that make a cut real, in safe mode where the router has it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from caudal.core.ports.access import AccessError, AccessFault
from caudal.core.ports.blocking import CutPolicy, RuleFault, RuleProblem, RulesReport
from caudal.integrations.access.routeros import policy as wanted
from caudal.integrations.access.routeros.policy import Rule, Wanted
from caudal.integrations.access.routeros.rules import blocking_facts
from caudal.integrations.access.routeros.toolbox import RouterOsToolbox
from caudal.integrations.access.routeros.values import is_yes
from caudal.integrations.access.routeros.wire import Reply, Sentence, command

Talk = Callable[[Sequence[Sentence]], list[Reply]]
Tables = Mapping[str, Sequence[Rule]]
NO_SAFE_MODE = ("no such command", "unknown command")


class RouterOsBlocking(RouterOsToolbox):
    """The driver with core.ports.blocking.BlockingRules."""

    def check_rules(self, policy: CutPolicy) -> RulesReport:
        return RulesReport(tuple(_problems(self._tables(), policy, self._block_list)))

    def install_rules(self, policy: CutPolicy) -> RulesReport:
        before = self._tables()
        if not list(_problems(before, policy, self._block_list)):
            return RulesReport()
        if not policy.wan_interfaces and not _members(before, policy.wan_list):
            return RulesReport((RuleProblem(RuleFault.NO_WAN, policy.wan_list),))
        safe = self._take_safe_mode()
        work = Installing(self._talk_or_raise, policy, self._block_list, before)
        try:
            work.run()
        except Refused as refused:
            self._take_back(work, safe)
            refusal = RuleProblem(RuleFault.REFUSED, refused.what, refused.detail)
            return RulesReport((refusal, RuleProblem(RuleFault.ROLLED_BACK)), work.written, safe)
        problems = tuple(_problems(self._tables(), policy, self._block_list))
        if problems:
            self._take_back(work, safe)
            return RulesReport((*problems, RuleProblem(RuleFault.ROLLED_BACK)), work.written, safe)
        work.remove_old()
        if safe:
            self._talk_or_raise([command("/safe-mode/release")])
        problems = tuple(_problems(self._tables(), policy, self._block_list))
        return RulesReport(problems, work.written, safe)

    def _tables(self) -> Tables:
        questions: dict[str, Sentence] = {path: command(f"{path}/print") for path in wanted.TABLES}
        replies = self._ask(questions)
        there = {
            path: reply
            for path, reply in replies.items()
            if not (path in wanted.OPTIONAL and reply.trap)
        }
        self._all_needed(there, there)
        return {path: reply.rows for path, reply in there.items()}

    def _take_safe_mode(self) -> bool:
        (reply,) = self._talk_or_raise([command("/safe-mode/take")])
        if reply.ok:
            return True
        if any(words in (reply.trap or "") for words in NO_SAFE_MODE):
            return False
        # Somebody else holds it: he could undo our rules with his, so we do not begin.
        raise AccessError(AccessFault.REFUSED, detail=reply.trap or "safe mode")

    def _take_back(self, work: "Installing", safe: bool) -> None:
        if safe:
            self._talk_or_raise([command("/safe-mode/unroll")])
        else:
            work.remove_new()


class Refused(Exception):
    """The router answered one of our commands with an error."""

    def __init__(self, what: str, detail: str) -> None:
        super().__init__(what, detail)
        self.what = what
        self.detail = detail


@dataclass(slots=True)
class Installing:
    """Writes what is missing. New rules stand before the old ones are taken away, so that at no
    moment a customer who is cut gets through."""

    talk: Talk
    policy: CutPolicy
    block_list: str
    before: Tables
    written: int = 0
    added: list[tuple[str, str]] = field(default_factory=list)
    """(menu, id), in the order written."""
    gone: list[tuple[str, str]] = field(default_factory=list)
    """Those that made room for a new one."""

    def run(self) -> None:
        self._fill_wan_list()
        for path, rows in self._by_menu().items():
            if not _stands(self.before.get(path, ()), rows, path):
                top = _top(self.before.get(path, ()), path)
                for row in rows:
                    self._add(row, top)

    def remove_old(self) -> None:
        """Our rows that the new ones replace, and those no longer wanted. A chain is written anew
        as a whole, a list only where an entry is missing."""
        fresh = {*self.added, *self.gone}
        kept = {
            path for path in self._by_menu() if path not in wanted.CHAINS or not self._wrote(path)
        }
        for path, rows in self.before.items():
            mine = [row for row in rows if wanted.is_ours(row, self.policy, path, wanted.NAMES)]
            for row in mine:
                is_kept = path in kept and any(w.is_same(row) for w in self._by_menu()[path])
                if (path, row[".id"]) not in fresh and not is_kept:
                    self._do(command(f"{path}/remove", {".id": row[".id"]}), "remove")

    def remove_new(self) -> None:
        for path, number in reversed(self.added):
            self.talk([command(f"{path}/remove", {".id": number})])

    def _wrote(self, path: str) -> bool:
        return any(menu == path for menu, _number in self.added)

    def _by_menu(self) -> dict[str, list[Wanted]]:
        found: dict[str, list[Wanted]] = {}
        with_ipv6 = wanted.FILTER6 in self.before
        for row in wanted.wanted_rows(self.policy, self.block_list, with_ipv6):
            found.setdefault(row.path, []).append(row)
        return found

    def _fill_wan_list(self) -> None:
        name = self.policy.wan_list
        if _members(self.before, name) or not self.policy.wan_interfaces:
            return
        if not any(row.get("name") == name for row in self.before[wanted.INTERFACE_LIST]):
            self._create(wanted.INTERFACE_LIST, {"name": name}, name)
        for interface in self.policy.wan_interfaces:
            self._create(wanted.MEMBER, {"list": name, "interface": interface}, interface)

    def _add(self, row: Wanted, top: str) -> None:
        if row.path not in wanted.CHAINS:
            listed = self.before.get(row.path, ())
            if any(_serves(old, row) for old in listed):
                return  # somebody lists it by hand: that does as well
            self._make_room(row, listed)
        values = {**row.values, "comment": row.comment}
        if top:
            values["place-before"] = top
        self._create(row.path, values, row.name)

    def _make_room(self, row: Wanted, listed: Sequence[Rule]) -> None:
        """An entry of ours that was given an end cannot lose it, nor stand beside another one."""
        for old in listed:
            if old.get("comment", "") == row.comment and old.get("timeout"):
                self._do(command(f"{row.path}/remove", {".id": old[".id"]}), "remove")
                self.gone.append((row.path, old[".id"]))

    def _create(self, path: str, values: Mapping[str, str], what: str) -> None:
        reply = self._do(command(f"{path}/add", dict(values)), what)
        self.added.append((path, reply.ret))

    def _do(self, sentence: Sentence, what: str) -> Reply:
        (reply,) = self.talk([sentence])
        if reply.lost:
            raise reply.lost
        if reply.trap is not None:
            raise Refused(what, reply.trap)
        self.written += 1
        return reply


def _problems(tables: Tables, policy: CutPolicy, block_list: str) -> Iterator[RuleProblem]:
    if not _members(tables, policy.wan_list):
        yield RuleProblem(RuleFault.NO_WAN, policy.wan_list)
    rows = wanted.wanted_rows(policy, block_list, wanted.FILTER6 in tables)
    for row in rows:
        found = tables.get(row.path, ())
        if any(row.is_same(each) for each in found):
            continue
        if row.path in wanted.CHAINS or not any(_serves(each, row) for each in found):
            has = any(each.get("comment", "") == row.comment for each in found)
            yield RuleProblem(RuleFault.DIFFERENT if has else RuleFault.MISSING, row.name)
    for path in wanted.CHAINS:
        mine = [row for row in rows if row.path == path]
        if mine and not _stands(tables.get(path, ()), mine, path):
            yield RuleProblem(RuleFault.NOT_ON_TOP, path)
    yield from _unreal(tables, block_list)


def _unreal(tables: Tables, block_list: str) -> Iterator[RuleProblem]:
    """The same look as at every pass: does a cut cut?"""
    live = {path: [row for row in rows if _on(row)] for path, rows in tables.items()}
    facts = blocking_facts(live[wanted.FILTER], [], live[wanted.NAT], block_list)
    if facts["cut_rule"] != "ok":
        yield RuleProblem(RuleFault.NOT_ON_TOP, facts["cut_rule"])


def _stands(found: Sequence[Rule], rows: Sequence[Wanted], path: str) -> bool:
    """Are the rows there, the rules of a chain in their order and above everything else?"""
    if path not in wanted.CHAINS:
        return all(any(_serves(each, row) for each in found) for row in rows)
    chain = [each for each in found if _in_chain(each, path)]
    first = chain[: len(rows)]
    return len(first) == len(rows) and all(
        row.is_same(each) for row, each in zip(rows, first, strict=True)
    )


def _serves(found: Rule, row: Wanted) -> bool:
    """An entry of ours is there for good; how long one of others stays is their business."""
    same = all(found.get(name) == value for name, value in row.values.items())
    is_ending = bool(found.get("timeout")) and found.get("comment", "") == row.comment
    return same and _on(found) and not is_ending


def _top(found: Sequence[Rule], path: str) -> str:
    """The handle of the first rule of the chain; rules the router made itself stay above."""
    rules = (each for each in found if _in_chain(each, path))
    return next((each[".id"] for each in rules), "")


def _in_chain(rule: Rule, path: str) -> bool:
    return rule.get("chain", "") == wanted.CHAINS.get(path) and not is_yes(rule.get("dynamic", ""))


def _members(tables: Tables, name: str) -> list[Rule]:
    rows = tables[wanted.MEMBER]
    return [row for row in rows if row.get("list") == name and _on(row)]


def _on(row: Rule) -> bool:
    return not is_yes(row.get("disabled", ""))
