"""Simple queues, queue trees and the types of queue that both use."""

from caudal.practice.routeros import values as v
from caudal.practice.routeros.menus.menu import INTERFACE, SAME_NAME, Field, Menu, empty
from caudal.practice.routeros.version import Version

TYPES = ("/queue/type",)
PAIR = Field(v.rates, "0/0")
RATE = Field(v.rate, "0")
_KINDS = ("bfifo", "mq-pfifo", "none", "pcq", "pfifo", "red", "sfq")
_KINDS_7 = ("cake", "codel", "fq-codel")


def of(version: Version) -> tuple[Menu, ...]:
    kinds = (*_KINDS, *_KINDS_7) if version.is_from("7.1") else _KINDS
    return (
        Menu(
            "/queue/simple",
            {
                "name": Field(v.name),
                "target": Field(v.targets, ""),
                "parent": Field(default="none", refs=("/queue/simple",), words=("none",)),
                "packet-marks": empty(),
                "priority": Field(v.priorities, "8/8"),
                "queue": Field(v.both, "default-small/default-small", TYPES, several="/"),
                "limit-at": PAIR,
                "max-limit": PAIR,
                "burst-limit": PAIR,
                "burst-threshold": PAIR,
                "burst-time": Field(v.times, "0s/0s"),
                "bucket-size": Field(v.both, "0.1/0.1"),
            },
            (SAME_NAME,),
            prefix="queue",
            dynamic_refusal="failure: can not change dynamic item",
        ),
        Menu(
            "/queue/type",
            {"name": Field(v.name), "kind": Field(v.one_of(*kinds))},
            (SAME_NAME,),
            flags=(),
            needs=("name", "kind"),
        ),
        Menu(
            "/queue/tree",
            {
                "name": Field(v.name),
                "parent": Field(refs=("/queue/tree", *INTERFACE), words=("global", "none")),
                "packet-mark": empty(),
                "limit-at": RATE,
                "queue": Field(default="default-small", refs=TYPES),
                "priority": Field(v.priority, "8"),
                "max-limit": RATE,
                "burst-limit": RATE,
                "burst-threshold": RATE,
                "burst-time": Field(v.time, "0s"),
                "bucket-size": Field(default="0.1"),
            },
            (SAME_NAME,),
            prefix="queue",
            needs=("parent",),
        ),
    )


def kind_defaults(kind: str, version: Version) -> dict[str, str]:
    """What print shows of a type of queue besides what was given."""
    seven = version.is_from("7")
    if kind == "pcq":
        return {
            "pcq-rate": "0",
            "pcq-limit": "50KiB" if seven else "50",
            "pcq-classifier": "",
            "pcq-total-limit": "2000KiB" if seven else "2000",
            "pcq-burst-rate": "0",
            "pcq-burst-threshold": "0",
            "pcq-burst-time": "10s",
            "pcq-src-address-mask": "32",
            "pcq-dst-address-mask": "32",
            "pcq-src-address6-mask": "128" if seven else "64",
            "pcq-dst-address6-mask": "128" if seven else "64",
        }
    if kind == "sfq":
        return {"sfq-perturb": "5", "sfq-allot": "1514"}
    return {"pfifo-limit": "50"} if kind == "pfifo" else {}
