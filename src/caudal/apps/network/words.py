"""Sentences for the codes that passes store: faults, findings, brakes, operations."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.timesince import timesince
from django.utils.translation import gettext as now_in_language
from django.utils.translation import gettext_lazy as _

from caudal.core.access import BrakeCode, Code, Kind, Verb
from caudal.core.clocks import is_wrong
from caudal.core.ports.access import AccessFault
from caudal.core.ports.blocking import RuleFault, RuleProblem
from caudal.web.speeds import format_kbps

Text = str | Promise

FAULTS: dict[str, Text] = {
    AccessFault.UNREACHABLE: _(
        "The router does not answer. Check that it is on, its address and port, and that its "
        "API service is enabled and reachable from here."
    ),
    AccessFault.TIMED_OUT: _("The router took too long to answer."),
    AccessFault.CONNECTION_LOST: _("The connection with the router broke off."),
    AccessFault.TLS_FAILED: _(
        "The encrypted connection failed. Check that the port is the one of api-ssl (8729) and "
        "that the service has a certificate."
    ),
    AccessFault.LOGIN_REFUSED: _("The router refuses the user or the password."),
    AccessFault.NOT_PERMITTED: _(
        "The user lacks rights on the router: its group needs api, read, write and test."
    ),
    AccessFault.PROTOCOL: _("What answers there does not speak the router's API."),
    AccessFault.HOST_KEY_CHANGED: _(
        "The router answers with another SSH key than the first time. If it was installed anew, "
        "empty the key in its form; else somebody may be in between."
    ),
    AccessFault.BAD_CONFIG: _("The settings of the router are not complete."),
    AccessFault.UNABLE: _("This router cannot do that."),
    AccessFault.TOO_LONG: _(
        "RouterOS 6 hands over no more than 4 KiB of a file through its API, and this "
        "configuration is longer: nothing was stored. Open SSH on the router and type its SSH "
        "port here."
    ),
    AccessFault.SSH_FAILED: _(
        "This configuration is longer than the 4 KiB that RouterOS 6 hands over through its API, "
        "and SSH did not give it either: nothing was stored. Check the SSH port, that the user's "
        "group has the policy ssh, and the router's SSH key."
    ),
    AccessFault.REFUSED: _("The router refused the change."),
    AccessFault.GONE: _("What was to be changed is no longer on the router."),
    AccessFault.CHANGED_MEANWHILE: _("Somebody changed it on the router at the same moment."),
    AccessFault.SKIPPED: _("Not done, because an earlier step of the same service failed."),
    "incomplete-read": _("The router could not be read completely, so nothing was changed."),
    "serial-changed": _(
        "Another router answers at this address. Nothing is changed until somebody accepts it."
    ),
    "lease-lost": _("Another worker took over."),
    "interrupted": _("The worker ended before the pass did."),
    "internal": _("An error of the program. It was recorded."),
}
REFUSED_PORT: Text = _(
    "The router is there, but nothing listens on that port. Enable the API service "
    "(IP → Services) or correct the port."
)
NO_ANSWER: Text = _(
    "The router does not answer in time. Check its address, that it is on, and that no firewall "
    "stands between."
)

KINDS: dict[str, Text] = {
    Kind.PROFILE: _("Profile"),
    Kind.ACCOUNT: _("PPPoE user"),
    Kind.QUEUE: _("Queue"),
    Kind.BLOCK: _("Cut list"),
    Kind.BLOCK6: _("Cut list (IPv6)"),
    Kind.SESSION: _("Session"),
    Kind.HOTSPOT_PROFILE: _("HotSpot profile"),
    Kind.HOTSPOT_USER: _("HotSpot user"),
    Kind.HOTSPOT_SESSION: _("HotSpot session"),
    Kind.COOKIE: _("HotSpot cookie"),
    Kind.LEASE: _("DHCP lease"),
    Kind.BINDING6: _("DHCPv6 binding"),
    Kind.ARP: _("ARP entry"),
    Kind.MEMBER: _("List of the plan"),
    Kind.MEMBER6: _("List of the plan (IPv6)"),
    Kind.QUEUE_TYPE: _("Queue type"),
    Kind.MARKING: _("Packet mark"),
    Kind.MARKING6: _("Packet mark (IPv6)"),
    Kind.TREE: _("Queue tree"),
    Kind.LOGIN: _("RADIUS user"),
}
ACTS: dict[str, Text] = {
    Verb.ADD: _("Add"),
    Verb.SET: _("Change"),
    Verb.REMOVE: _("Remove"),
    Verb.KICK: _("Disconnect"),
}
FINDINGS: dict[str, Text] = {
    Code.MISSING: _("It is missing on the router."),
    Code.CHANGED: _("It differs on the router."),
    Code.RENAMED: _("It has another name on the router."),
    Code.RELABELLED: _("Only the comment differs."),
    Code.ADOPTED: _("It is on the router already and will be taken over."),
    Code.EXTRA: _("It is still on the router and should not be."),
    Code.MOVING: _(
        "The customer moved to another router: his old place stays until the new one is verified."
    ),
    Code.STALE_SESSION: _("The customer is connected with what is no longer true."),
    Code.UNMARKED: _(
        "The router already has a row of this name that was made by hand. It is not touched: "
        "adopt it, rename it there, or change the name here."
    ),
    Code.ADDRESS_TAKEN: _(
        "A row made by hand serves this address. It is not touched: remove it there or choose "
        "another address here."
    ),
    Code.MAC_TAKEN: _(
        "A lease made by hand is for the same device. It is not touched: remove it there or "
        "correct the MAC address here."
    ),
    Code.OVERRIDDEN: _(
        "A rule made by hand marks the packets of this list after ours, so the speed of the plan "
        "does not hold. It is not touched: remove it there or leave the speed to it."
    ),
    Code.FOREIGN_BLOCK: _(
        "Somebody put this address on the cut list by hand, so the customer cannot browse."
    ),
    Code.EMPTY_NAME: _("The service has no user."),
    Code.EMPTY_PASSWORD: _("The service has no password."),
    Code.EMPTY_PROFILE: _("The plan has no name that fits a profile."),
    Code.EMPTY_ADDRESS: _("This technology needs an address."),
    Code.EMPTY_MAC: _("This technology needs the MAC address of the customer's device."),
    Code.EMPTY_INTERFACE: _(
        "To bind the MAC address, the interface is needed where the device is seen."
    ),
    Code.EMPTY_DUID: _(
        "To give a prefix over DHCPv6, the DUID of the customer's device is needed."
    ),
    Code.DUPLICATE_MAC: _("Two services have the same MAC address: change one of them."),
    Code.SUBNET_SHARED: _(
        "Two plans share a network that has one queue: give each plan its own network, or let the "
        "router mark packets."
    ),
    Code.NO_IPV6: _(
        "HotSpot gives no IPv6: that of RouterOS speaks IPv4 alone. Give the prefix by PPPoE, "
        "DHCP or a queue."
    ),
    Code.NOT_SERVED: _("This kind of router does not give the service in this way."),
    Code.BAD_ADDRESS: _("The address is not valid."),
    Code.WIDE_NETWORK: _("The address is a whole network, too wide for one customer."),
    Code.OWN_ADDRESS: _("The address is the router's own."),
    Code.DUPLICATE_NAME: _("Two services have the same user: change one of them."),
    Code.DUPLICATE_ADDRESS: _("Two services have the same address: change one of them."),
    Code.PROFILE_MISMATCH: _(
        "Two plans use the same profile with different speeds: give one of them another profile."
    ),
    "left": _("Somebody undid the change on the router: it is left as it is."),
}
BRAKES: dict[str, Text] = {
    BrakeCode.MASS_CUT: _("{count} customers would be cut at once."),
    BrakeCode.EMPTY_READ: _("The router lost all {count} rows of ours: was it reset?"),
    BrakeCode.FIRST_CUTS: _(
        "The first cuts were not found on the router as they should be, so {count} wait."
    ),
    BrakeCode.HOURLY: _("Cuts that wait for the next hour: {count}. This one has had its share."),
    BrakeCode.CLOCK_BACK: _(
        "The clock of this computer is behind what it was."
        " Cuts that wait until it is right: {count}."
    ),
}
ATTRIBUTES: dict[str, Text] = {
    "address": _("address"),
    "classifier": _("divided by"),
    "direction": _("direction"),
    "duid": _("DUID"),
    "iaid": _("IAID"),
    "interface": _("interface"),
    "list": _("list"),
    "chain": _("chain"),
    "connection": _("connection mark"),
    "marks": _("packet marks"),
    "mask": _("bits per customer"),
    "mask6": _("bits per customer (IPv6)"),
    "passthrough": _("goes on to the next rule"),
    "place": _("place"),
    "mark": _("packet mark"),
    "pool6": _("IPv6 pool"),
    "prefix": _("IPv6 prefix"),
    "rate": _("speed"),
    "parent": _("parent queue"),
    "server": _("server"),
    "type": _("queue type"),
    "types": _("queue types"),
    "burst": _("burst"),
    "burst_time": _("burst time"),
    "comment": _("comment"),
    "enabled": _("state"),
    "guaranteed": _("guaranteed speed"),
    "holder": _("held by"),
    "key": _("name"),
    "local_address": _("local address"),
    "mac": _("MAC"),
    "max": _("speed"),
    "password": _("password"),
    "pool": _("pool"),
    "priority": _("priority"),
    "profile": _("profile"),
    "service": _("protocol"),
    "session": _("reason"),
    "speed": _("speed"),
    "target": _("address"),
    "threshold": _("burst threshold"),
}
REASONS: dict[str, Text] = {
    "account-down": _("the user is disabled or gone"),
    "old-address": _("it has an old address"),
    "cut": _("it was opened before the cut"),
    "old-mac": _("it comes from another device"),
    "old-speed": _("it runs at an old speed"),
    "restored": _("it was opened while the service was cut"),
    "old-answer": _("it was let in with an old answer"),
    "old-profile": _("its user has another profile now"),
}
CUT_RULES: dict[str, Text] = {
    "ok": _("The rule that cuts is in place."),
    "missing": _(
        "There is no rule that drops the listed customers: cuts do nothing. Add, in the forward "
        "chain and on top, a drop of src-address-list={list}."
    ),
    "rewritten": _("The rules that cut are not whole on the router; the next pass writes them."),
    "below-fasttrack": _(
        "The rule that cuts stands below the fasttrack rule: open connections go on. Move it up."
    ),
    "below-established": _(
        "The rule that cuts stands below the one that accepts established connections: they go "
        "on. Move it up."
    ),
}
RULES: dict[str, Text] = {
    RuleFault.NO_WAN: _("The interface list {what} has no interface: type which are the internet."),
    RuleFault.MISSING: _("Missing on the router: {what}."),
    RuleFault.DIFFERENT: _("Edited or disabled on the router: {what}."),
    RuleFault.NOT_ON_TOP: _("Something above lets open connections go on ({what})."),
    RuleFault.REFUSED: _("The router refused {what}: {detail}"),
    RuleFault.ROLLED_BACK: _("What was written was taken back: the router is as it was."),
}
RATES = frozenset({"max", "guaranteed", "burst", "threshold", "speed", "rate"})


@dataclass(frozen=True)
class Explained:
    """A finding or an operation as a screen shows it; `changes` are (label, before, after)."""

    what: Text
    key: str
    text: Text
    changes: list[tuple[str, str, str]]
    service: str = ""


def explain_fault(stored: str) -> str:
    """The sentence of `code` or `code: the device's own words`; "" stays ""."""
    if not stored:
        return ""
    code, _colon, detail = stored.partition(": ")
    if code == AccessFault.UNREACHABLE and "refused" in detail.lower():
        return str(REFUSED_PORT)
    if code == AccessFault.UNREACHABLE and detail == "timeout":
        return str(NO_ANSWER)
    sentence = FAULTS.get(code)
    if sentence is None:
        return stored
    return f"{sentence} ({detail})" if detail and code in _TELLING else str(sentence)


_TELLING = frozenset(
    {AccessFault.REFUSED, AccessFault.PROTOCOL, AccessFault.SSH_FAILED, "serial-changed"}
)
"""Faults whose own words help the person who reads them."""


def explain_finding(found: Mapping[str, Any]) -> Explained:
    return Explained(
        what=KINDS.get(found["kind"], ""),
        key=found["key"],
        text=FINDINGS.get(found["code"], found["code"]),
        changes=explain_changes(found["changes"]),
        service=next(iter(found.get("services", [])), ""),
    )


def explain_operation(planned: Mapping[str, Any]) -> Explained:
    """Of a dry run's list or, with `before` and `after` joined, of the journal."""
    return Explained(
        what=KINDS.get(planned["kind"], planned["kind"]),
        key=planned["key"],
        text=ACTS.get(planned["verb"], planned["verb"]),
        changes=explain_changes(planned["changes"]),
        service=planned.get("service", ""),
    )


def explain_changes(changes: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(what, before, after) in words; our mark is left out of comments."""
    return [
        (str(ATTRIBUTES.get(name, name)), _value(name, old), _value(name, new))
        for name, (old, new) in changes.items()
        if name != "comment" or len(changes) == 1
    ]


def explain_brake(brake: Mapping[str, Any]) -> str:
    sentence = BRAKES.get(brake["code"])
    return str(sentence).format(count=brake["count"]) if sentence else str(brake["code"])


def explain_rule(problem: RuleProblem) -> str:
    return str(RULES[problem.fault]).format(what=problem.what, detail=problem.detail)


def explain_cut_rule(noticed: Mapping[str, str], block_list: str) -> str:
    """ "" where the router was never asked."""
    sentence = CUT_RULES.get(noticed.get("cut_rule", ""))
    return str(sentence).format(list=block_list) if sentence else ""


AHEAD: Text = _(
    "The clock of the router is {time} ahead: its log tells wrong times. Let it ask an NTP server."
)
BEHIND: Text = _(
    "The clock of the router is {time} behind: its log tells wrong times. Let it ask an NTP server."
)


def explain_skew(skew: int | None) -> str:
    """ "" where it is right, or where the router does not tell its time zone."""
    if skew is None or not is_wrong(skew):
        return ""
    start = datetime.min + timedelta(days=1)
    words = timesince(start, start + timedelta(seconds=abs(skew)), depth=2)
    return str(AHEAD if skew > 0 else BEHIND).format(time=words)


OPEN_ARP: Text = _(
    "{names}: the interface answers any device, so binding an address to a MAC keeps nobody out. "
    "Set arp=reply-only on it when every device there is bound."
)


def explain_open_arp(names: Collection[str]) -> str:
    """ "" where every interface with bound devices speaks with them alone."""
    return str(OPEN_ARP).format(names=", ".join(sorted(names))) if names else ""


def _value(name: str, value: str) -> str:
    if name == "enabled":
        return now_in_language("disabled") if value == "no" else now_in_language("enabled")
    if name == "place":
        return now_in_language("behind a rule that ends before it") if value else ""
    if name == "session":
        return str(REASONS.get(value, value))
    if name in RATES and value:
        return " / ".join(_rate(part) for part in value.split("/"))
    return value


def _rate(bits: str) -> str:
    return format_kbps(int(bits) // 1000) if bits.isdigit() else bits
