"""What a driver can do that installs, on the device, the rules which make a cut real."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable


class RuleFault(StrEnum):
    """Why the rules are not as they should be; translated on screens."""

    NO_WAN = "no-wan"  # the interface list of the internet side is missing or empty
    MISSING = "missing"
    DIFFERENT = "different"
    NOT_ON_TOP = "not-on-top"  # something above lets open connections go on
    REFUSED = "refused"  # the device answered with an error
    ROLLED_BACK = "rolled-back"  # what was written was taken back


@dataclass(frozen=True, slots=True)
class CutPolicy:
    """What is to happen to customers who are cut.

    `owner` names this installation in the marks. `wan_list` is the interface list of the internet
    side, filled from `wan_interfaces` where it is missing or empty. Plain http goes to the notice
    page, where there is one. `allowed` are addresses, networks or host names.
    """

    owner: str
    wan_list: str = "WAN"
    wan_interfaces: tuple[str, ...] = ()
    notice_address: str = ""
    notice_port: int = 80
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """`what` names the rule or the list; `detail` is the device's own text."""

    fault: RuleFault
    what: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RulesReport:
    """What stands on the device now, read back. `written` commands changed something; `safe`:
    the device would have taken everything back had the connection been lost."""

    problems: tuple[RuleProblem, ...] = ()
    written: int = 0
    safe: bool = False

    @property
    def ok(self) -> bool:
        return not self.problems


@runtime_checkable
class BlockingRules(Protocol):
    """Can look at and install the rules. Both raise AccessError.

    Installing twice writes nothing the second time. Rules of others are never changed; where
    what was installed does not prove right on reading it back, it is taken away again.
    """

    def check_rules(self, policy: CutPolicy) -> RulesReport: ...

    def install_rules(self, policy: CutPolicy) -> RulesReport: ...
