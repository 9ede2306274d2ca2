"""Speeds as routers write them in one line, in queues and in types that divide."""

from collections.abc import Mapping

from caudal.core.access import pair
from caudal.core.access.rows import burst_attrs
from caudal.integrations.access.routeros import values as v

_ORDER = ("max", "burst", "threshold", "burst_time", "priority", "guaranteed")
_IDLE = ("0/0", "0/0", "0/0", "0/0", "8", "0/0")


def parse_rate_limit(text: str) -> dict[str, str]:
    """`rx/tx burst threshold time priority minimum` as canonical speed attributes."""
    words = dict(zip(_ORDER, text.split(), strict=False))
    attrs = {name: v.rates(words.get(name, "")) for name in ("max", "guaranteed")}
    attrs["priority"] = v.priority(words.get("priority", "8"))
    return attrs | burst(
        attrs["max"],
        v.rates(words.get("burst", "")),
        v.rates(words.get("threshold", "")),
        v.times(words.get("burst_time", "")),
    )


def burst(limit: str, rate: str, threshold: str, time: str) -> dict[str, str]:
    """What is not told in numbers stays as it was printed."""
    if not rate:
        return {}
    try:
        return burst_attrs(*(_both(text) for text in (limit, rate, threshold, time)))
    except ValueError:
        return {"burst": rate, "threshold": threshold or limit, "burst_time": time or pair(1, 1)}


def _both(text: str) -> tuple[int, int]:
    up, _, down = (text or "0/0").partition("/")
    return int(up), int(down)


def rate_limit(attrs: Mapping[str, str]) -> str:
    """The text of a rate-limit, as short as it can be; empty where nothing is limited."""
    words = [
        v.short_rates(attrs.get("max", "")),
        v.short_rates(attrs.get("burst", "")),
        v.short_rates(attrs.get("threshold", "")),
        attrs.get("burst_time", "0/0"),
        attrs.get("priority", "8"),
        v.short_rates(attrs.get("guaranteed", "")),
    ]
    while words and words[-1] == _IDLE[len(words) - 1]:
        words.pop()
    return " ".join(words)


def limits(row: Mapping[str, str]) -> dict[str, str]:
    """The speed of a simple queue."""
    limit = v.rates(row.get("max-limit", ""))
    return {
        "max": limit,
        "guaranteed": v.rates(row.get("limit-at", "")),
        "priority": v.priority(row.get("priority", "8/8")),
    } | burst(
        limit,
        v.rates(row.get("burst-limit", "")),
        v.rates(row.get("burst-threshold", "")),
        v.times(row.get("burst-time", "")),
    )


def limit_values(attrs: Mapping[str, str]) -> dict[str, str]:
    """What a simple queue is told of a speed."""
    seconds = attrs.get("burst_time", "0/0").split("/")
    priority = attrs.get("priority", "8")
    return {
        "max-limit": attrs.get("max", "0/0"),
        "limit-at": attrs.get("guaranteed", "0/0"),
        "burst-limit": attrs.get("burst", "0/0"),
        "burst-threshold": attrs.get("threshold", "0/0"),
        "burst-time": "/".join(f"{part}s" for part in seconds),
        "priority": priority if "/" in priority else f"{priority}/{priority}",
    }
