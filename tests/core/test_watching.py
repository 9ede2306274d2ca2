"""An alarm comes once, for the device that failed, and ends when it has really come back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from caudal.core.watching import Health, Judged, Node, Watch, WatchRule, judge_all

NOON = datetime(2026, 7, 5, 12, tzinfo=UTC)
RULE = WatchRule(fail_checks=3, fail_minutes=2, recover_checks=2)


class Tree:
    """Devices that are checked each minute; `parents` by device."""

    def __init__(self, rule: WatchRule = RULE, **parents: str) -> None:
        self.names = ["root", *parents]
        self.parents = parents
        self.rule = rule
        self.watches = {name: Watch() for name in self.names}
        self.minute = 0
        self.events: list[tuple[int, str, str]] = []
        self.last: dict[str, Judged] = {}

    def round(self, *silent: str, minutes: int = 1, asked: set[str] | None = None) -> None:
        self.minute += minutes
        now = NOON + timedelta(minutes=self.minute)
        numbers = {name: n for n, name in enumerate(self.names)}
        nodes = {
            numbers[name]: Node(
                numbers[name],
                numbers.get(self.parents.get(name, "")),
                self.watches[name],
                self.rule,
                None if asked is not None and name not in asked else name not in silent,
            )
            for name in reversed(self.names)  # children first: the order does not matter
        }
        found = judge_all(nodes, now)
        for name, n in numbers.items():
            self.watches[name], self.last[name] = found[n].watch, found[n]
            for event in ("fell", "rose"):
                if getattr(found[n], event):
                    self.events.append((self.minute, name, event))

    def health(self, name: str) -> Health:
        return self.watches[name].health

    def blamed(self, name: str) -> str:
        at = self.last[name].blamed
        return "" if at is None else self.names[at]


def test_it_is_down_after_so_many_failed_checks_and_minutes() -> None:
    tree = Tree()
    tree.round()
    for _ in range(2):
        tree.round("root")
        assert tree.health("root") is Health.FAILING
    tree.round("root")
    assert tree.health("root") is Health.DOWN
    slow = Tree(replace(RULE, fail_minutes=10))
    for _ in range(10):
        slow.round("root")
    assert slow.events == []
    slow.round("root")
    assert slow.events == [(11, "root", "fell")]


def test_one_missed_check_is_nothing() -> None:
    tree = Tree()
    for _ in range(5):
        tree.round("root")
        tree.round("root")
        tree.round()
    assert tree.events == []
    assert tree.health("root") is Health.UP


def test_it_is_back_after_so_many_answers() -> None:
    tree = Tree()
    for _ in range(3):
        tree.round("root")
    tree.round()
    assert tree.health("root") is Health.DOWN
    tree.round("root")
    tree.round()
    tree.round()
    assert tree.events == [(3, "root", "fell"), (7, "root", "rose")]
    assert tree.watches["root"].answering_since == NOON + timedelta(minutes=6)


def test_children_of_a_dead_parent_raise_no_alarm_of_their_own() -> None:
    tree = Tree(tower="root", radio="tower", other="root")
    tree.round()
    for _ in range(9):
        tree.round("tower", "radio")
    assert tree.events == [(4, "tower", "fell")]
    assert (tree.health("radio"), tree.blamed("radio")) == (Health.UNREACHABLE, "tower")
    assert tree.health("other") is Health.UP


def test_the_blame_goes_to_the_one_that_failed_first_up_the_tree() -> None:
    tree = Tree(tower="root", radio="tower", customer="radio")
    for _ in range(4):
        tree.round("tower", "radio", "customer", "root")
    assert tree.events == [(3, "root", "fell")]
    assert {tree.blamed(name) for name in ("tower", "radio", "customer")} == {"root"}


def test_a_child_that_fails_first_waits_for_the_parent_that_begins_to_fail() -> None:
    tree = Tree(radio="root")
    tree.round("radio")
    tree.round("radio")
    for _ in range(5):
        tree.round("radio", "root")
    assert [event[1:] for event in tree.events] == [("root", "fell")]


def test_a_child_that_stays_away_when_the_parent_is_back_has_its_own_delay() -> None:
    tree = Tree(radio="root")
    for _ in range(4):
        tree.round("radio", "root")
    tree.round("radio")
    assert tree.health("radio") is Health.FAILING, "the count began anew"
    tree.round("radio")
    tree.round("radio")
    assert tree.events == [(3, "root", "fell"), (6, "root", "rose"), (7, "radio", "fell")]


def test_an_alarm_of_its_own_goes_on_when_the_parent_falls_too() -> None:
    tree = Tree(radio="root")
    for _ in range(3):
        tree.round("radio")
    for _ in range(3):
        tree.round("radio", "root")
    assert tree.health("radio") is Health.DOWN
    assert [event[1:] for event in tree.events] == [("radio", "fell"), ("root", "fell")]


def test_flapping_is_one_alarm_until_it_has_settled() -> None:
    tree = Tree(replace(RULE, flaps=2, flap_minutes=60, settle_minutes=15))
    for _ in range(4):
        for _ in range(3):
            tree.round("root")
        for _ in range(3):
            tree.round()
    assert [event[2] for event in tree.events] == ["fell", "rose", "fell"]
    for _ in range(10):
        tree.round()
    assert tree.health("root") is Health.DOWN
    for _ in range(5):
        tree.round()
    assert [event[2] for event in tree.events] == ["fell", "rose", "fell", "rose"]


def test_days_without_checks_are_not_days_without_answers() -> None:
    tree = Tree()
    tree.round("root")
    tree.round("root", minutes=3 * 24 * 60)
    assert tree.health("root") is Health.FAILING
    assert tree.watches["root"].failures == 1


def test_what_was_not_asked_stays_as_it_is() -> None:
    tree = Tree(radio="root")
    for _ in range(3):
        tree.round("radio", "root")
    tree.round("root", "radio", asked={"root"})
    assert (tree.health("radio"), tree.blamed("radio")) == (Health.UNREACHABLE, "root")


def test_what_was_not_asked_and_is_well_blames_nobody() -> None:
    tree = Tree(radio="root")
    tree.round()
    tree.round(asked={"root"})
    assert (tree.health("radio"), tree.blamed("radio")) == (Health.UP, "")


def test_parents_in_a_circle_do_not_hang() -> None:
    watch = Watch()
    nodes = {n: Node(n, (n + 1) % 3, watch, RULE, False) for n in range(3)}
    assert len(judge_all(nodes, NOON)) == 3
    assert judge_all({1: Node(1, 1, watch, RULE, False)}, NOON)[1].watch.is_silent


@given(
    st.lists(st.sets(st.sampled_from(["root", "a", "b", "c"])), max_size=60),
    st.integers(1, 4),
    st.integers(0, 3),
)
def test_falls_and_rises_alternate_and_nobody_falls_behind_a_silent_parent(
    rounds: list[set[str]], checks: int, minutes: int
) -> None:
    rule = WatchRule(fail_checks=checks, fail_minutes=minutes, flaps=2)
    tree = Tree(rule, a="root", b="a", c="b")
    for silent in rounds:
        before = len(tree.events)
        tree.round(*silent)
        for _, name, event in tree.events[before:]:
            assert event != "fell" or tree.parents.get(name) not in silent
    for name in tree.names:
        mine = [event for _, who, event in tree.events if who == name]
        assert mine == (["fell", "rose"] * len(mine))[: len(mine)]
        assert (tree.health(name) is Health.DOWN) == (len(mine) % 2 == 1)


def test_who_was_down_before_we_were_away_is_down_since_then() -> None:
    tree = Tree()
    for _ in range(4):
        tree.round("root")
    since = tree.watches["root"].failing_since
    tree.round("root", minutes=300)
    assert (tree.health("root"), tree.watches["root"].failing_since) == (Health.DOWN, since)
    tree.round(minutes=300)
    tree.round()
    assert tree.health("root") is Health.UP
    assert [event for _, _, event in tree.events] == ["fell", "rose"]
