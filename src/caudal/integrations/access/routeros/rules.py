"""Do the firewall rules make a cut real? Looks only; installing rules is another matter."""

from collections.abc import Iterator, Mapping, Sequence

Rule = Mapping[str, str]
_NEUTRAL = frozenset({".id", "chain", "action", "comment", "log", "log-prefix", "reject-with"})
_STATE = frozenset(
    {"bytes", "packets", "dynamic", "disabled", "invalid", "creation-time", "hw-offload"}
)


def blocking_facts(
    filters: Sequence[Rule], raws: Sequence[Rule], nats: Sequence[Rule], block_list: str
) -> dict[str, str]:
    """`cut_rule`: ok, missing, below-fasttrack or below-established. `notice_rule`: ok or missing.

    Rules come enabled and in table order. A cut rule below the fasttrack or the established rule
    lets every connection that was open go on.
    """
    forward = list(_chain(filters, "forward"))
    cut = next((n for n, rule in enumerate(forward) if _cuts(rule, block_list)), None)
    notice = any(_notices(rule, block_list) for rule in _chain(nats, "dstnat"))
    facts = {"notice_rule": "ok" if notice else "missing"}
    if any(_cuts(rule, block_list) for rule in _chain(raws, "prerouting")):
        return facts | {"cut_rule": "ok"}
    if cut is None:
        return facts | {"cut_rule": "missing"}
    above = [code for rule in forward[:cut] if (code := _lets_pass(rule, block_list))]
    return facts | {"cut_rule": above[0] if above else "ok"}


def _chain(rules: Sequence[Rule], name: str, depth: int = 0) -> Iterator[Rule]:
    """Rules of a chain, those it jumps to without condition in their place."""
    for rule in rules:
        if rule.get("chain") != name:
            continue
        if rule.get("action") == "jump" and not _conditions(rule) and depth < 8:
            yield from _chain(rules, rule.get("jump-target", ""), depth + 1)
        else:
            yield rule


def _conditions(rule: Rule) -> dict[str, str]:
    silent = _NEUTRAL | _STATE | {"jump-target"}
    return {name: value for name, value in rule.items() if name not in silent and value}


def _cuts(rule: Rule, block_list: str) -> bool:
    """Drops everything of the listed; a rule for tcp alone or one port is not a cut."""
    allowed = {"src-address-list", "out-interface", "out-interface-list", "connection-state"}
    found = _conditions(rule)
    return (
        rule.get("action") in ("drop", "reject")
        and found.pop("src-address-list", "") == block_list
        and found.keys() <= allowed
        and "established" in found.get("connection-state", "established")
    )


def _notices(rule: Rule, block_list: str) -> bool:
    redirects = rule.get("action") in ("redirect", "dst-nat")
    return redirects and rule.get("src-address-list") == block_list


def _lets_pass(rule: Rule, block_list: str) -> str:
    """What a rule above the cut does to connections that are already open."""
    spares_listed = rule.get("src-address-list", "") == f"!{block_list}"
    if spares_listed or "established" not in rule.get("connection-state", "established"):
        return ""
    if rule.get("action") == "fasttrack-connection":
        return "below-fasttrack"
    established = rule.get("action", "accept") == "accept" and "connection-state" in rule
    return "below-established" if established else ""
