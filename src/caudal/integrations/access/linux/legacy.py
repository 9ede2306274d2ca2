"""iptables and ipset, as their save commands print them: who is led to a class, who is refused."""

import re
import shlex
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from caudal.integrations.access.linux.foreign import Led, plain

_STOPS = frozenset({"DROP", "REJECT"})
_TURNS = frozenset({"REDIRECT", "DNAT"})
_PLACED = frozenset(
    {"-A", "-s", "-d", "-i", "-o", "-j", "-g", "-m", "--match-set", "--comment", "--reject-with"}
)
"""What leaves a rule to be about all of a customer's packets."""
_STATES = frozenset({"--ctstate", "--state"})
_WEB = frozenset({"80", "443", "80,443"})
_CLASSID = re.compile(r"([0-9a-fA-F]+):([0-9a-fA-F]+)")
_DEEPEST = 8
Options = Mapping[str, str]
"""Of one rule, by their names; what is turned round begins with `!`."""


@dataclass(slots=True)
class Iptables:
    """Rules by table and chain, in their order, and the members of sets with their comments."""

    chains: dict[tuple[str, str], list[Options]] = field(
        default_factory=lambda: defaultdict(list[Options])
    )
    sets: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict[str, str]))

    @classmethod
    def read(cls, rules: str, sets: str) -> "Iptables":
        """Of `iptables-save` and `ipset save`; what cannot be read is left out."""
        found, table = cls(), ""
        for line in rules.splitlines():
            if line.startswith("*"):
                table = line[1:].strip()
            elif line.startswith("-A "):
                options = _options(_words(line))
                found.chains[table, options["-A"]].append(options)
        for line in sets.splitlines():
            words = _words(line)
            if words[:1] == ["add"] and (value := _network(words[2:3])):
                found.sets[words[1]][value] = _after(words, "comment")
        return found

    def led(self, marks: Mapping[tuple[str, int], str]) -> list[Led]:
        """Whom rules lead to a class, by its name or by a mark. Where no filter knows the mark,
        the class is empty: somebody is shaped, and it does not show how."""
        return [
            Led(target, is_down, classid, device, said)
            for rules in self.chains.values()
            for rule in rules
            for classid, device in _meant(rule, marks)
            for target, is_down, said in self._targets(rule)
        ]

    def blocked(self) -> dict[str, str]:
        """Addresses that are refused or turned to a notice, with their comments."""
        refused, passed = self._judged()
        turned = {
            target: said
            for (table, _chain), rules in self.chains.items()
            for rule in rules
            if table == "nat" and _turns(rule)
            for target, is_down, said in self._targets(rule)
            if not is_down
        }
        return turned | {each: said for each, said in refused.items() if each not in passed}

    def known(self) -> dict[str, str]:
        """Addresses that are let pass by name, or are not refused as everybody else."""
        refused, passed = self._judged()
        excepted = {
            value: said
            for rule in self.chains.get(("filter", "FORWARD"), ())
            if self._refuses(rule) and rule.get("--match-set", "").startswith("!")
            for value, said in self.sets.get(rule["--match-set"][1:].split(" ")[0], {}).items()
        }
        return excepted | {each: said for each, said in passed.items() if each not in refused}

    def _judged(self) -> tuple[dict[str, str], dict[str, str]]:
        """Who is refused and who is let pass: the first rule about an address decides."""
        refused: dict[str, str] = {}
        passed: dict[str, str] = {}
        for rule in self.chains.get(("filter", "FORWARD"), ()):
            stops, lets = self._refuses(rule), _is_whole(rule) and rule.get("-j") == "ACCEPT"
            for target, _is_down, said in self._targets(rule) if stops or lets else ():
                if target not in refused and target not in passed:
                    (refused if stops else passed)[target] = said
        return refused, passed

    def _refuses(self, rule: Options, depth: int = 0) -> bool:
        if not _is_whole(rule):
            return False
        name = rule.get("-j", rule.get("-g", ""))
        inner = self.chains.get(("filter", name), ()) if depth < _DEEPEST else ()
        return name in _STOPS or any(
            self._refuses(each, depth + 1) and not self._targets(each) for each in inner
        )

    def _targets(self, rule: Options) -> list[tuple[str, bool, str]]:
        """Address or network, whether packets go to it, and the comment."""
        said = rule.get("--comment", "")
        found = [
            (value, name == "-d", said)
            for name in ("-s", "-d")
            if (value := _network([rule.get(name, "")]))
        ]
        listed, _, sides = rule.get("--match-set", "").partition(" ")
        for value, about in self.sets.get(listed, {}).items():
            found.append((value, sides.split(",")[0] == "dst", about or said))
        return found


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:  # a quote that does not end
        return line.split()


def _options(words: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    name = turned = ""
    for word in words:
        if word == "!":
            turned = "!"
        elif word.startswith("-"):
            name, found[word], turned = word, turned, ""
        elif name:
            joint = " " if found[name].strip("!") else ""
            found[name] = f"{found[name]}{joint}{word}"
    return found


def _after(words: Sequence[str], name: str) -> str:
    at = words.index(name) if name in words else len(words)
    return next(iter(words[at + 1 : at + 2]), "")


def _network(words: Sequence[str]) -> str:
    """The address or network of an element, without what stands beside it; ranges are none."""
    try:
        return plain(words[0].partition(",")[0]) if words and words[0] else ""
    except ValueError:
        return ""


def _is_whole(rule: Options) -> bool:
    """Is it about all that a customer sends or gets, and not about a protocol or a port alone?"""
    states = [value for name, value in rule.items() if name in _STATES]
    return rule.keys() - _PLACED <= _STATES and all("NEW" in value for value in states)


def _turns(rule: Options) -> bool:
    ports = {value for name, value in rule.items() if name in ("--dport", "--dports")}
    return rule.get("-j") in _TURNS and bool(ports) and ports <= _WEB


def _meant(rule: Options, marks: Mapping[tuple[str, int], str]) -> Iterator[tuple[str, str]]:
    if found := _CLASSID.fullmatch(rule.get("--set-class", "")):
        yield f"{int(found[1], 16):x}:{int(found[2], 16):x}", ""
    text = rule.get("--set-xmark") or rule.get("--set-mark", "")
    if rule.get("-j") != "MARK" or not text:
        return
    try:
        value = int(text.partition("/")[0], 0)
    except ValueError:
        return
    known = [(classid, device) for (device, mark), classid in marks.items() if mark == value]
    yield from known or [("", "")]
