"""What every router has before anybody configures it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caudal.practice.routeros.plane import LAN, WAN

if TYPE_CHECKING:
    from caudal.practice.routeros.device import PracticeRouter

FIRST_TYPE = 0xFFFFFFF6
QUEUE_TYPES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("default", "pfifo", {}),
    ("ethernet-default", "pfifo", {}),
    ("wireless-default", "sfq", {}),
    ("synchronous-default", "red", {}),
    ("hotspot-default", "sfq", {}),
    ("pcq-upload-default", "pcq", {"pcq-classifier": "src-address"}),
    ("pcq-download-default", "pcq", {"pcq-classifier": "dst-address"}),
    ("only-hardware-queue", "none", {}),
    ("multi-queue-ethernet-default", "mq-pfifo", {}),
    ("default-small", "pfifo", {"pfifo-limit": "10"}),
)
SERVICES = (
    ("telnet", "23"),
    ("ftp", "21"),
    ("www", "80"),
    ("ssh", "22"),
    ("www-ssl", "443"),
    ("api", "8728"),
    ("winbox", "8291"),
    ("api-ssl", "8729"),
)
POLICIES = {
    "read": "local,telnet,ssh,reboot,read,test,winbox,password,web,sniff,sensitive,api",
    "write": "local,telnet,ssh,reboot,read,write,test,winbox,password,web,sniff,sensitive,api",
    "full": "local,telnet,ssh,ftp,reboot,read,write,policy,test,winbox,password,web,sniff,"
    "sensitive,api,romon",
}


def configure(router: PracticeRouter, user: str, password: str) -> None:
    _interfaces(router)
    _born(router, "/ppp/profile", 0, {"name": "default"})
    _born(router, "/ppp/profile", 1, {"name": "default-encryption", "use-encryption": "yes"})
    for path in ("/ip/hotspot/profile", "/ip/hotspot/user/profile"):
        _born(router, path, 0, {"name": "default"})
    _born(router, "/ip/hotspot/user", 0, {"name": "default-trial"})
    for place, (name, kind, about) in enumerate(QUEUE_TYPES):
        _born(router, "/queue/type", FIRST_TYPE + place, {"name": name, "kind": kind, **about})
    for place, (name, port) in enumerate(SERVICES):
        _born(router, "/ip/service", place, {"name": name, "port": port, "address": ""})
    for name, policy in POLICIES.items():
        router.put("/user/group", name=name, policy=policy)
    router.put("/user", name=user, password=password, group="full")
    _system(router)


def _interfaces(router: PracticeRouter) -> None:
    for place, name in enumerate((WAN, LAN), 1):
        values = {"name": name, "type": "ether", "mac-address": f"48:8F:5A:00:00:0{place}"}
        router.store.table("/interface").add(values)
    for name in ("WAN", "LAN"):
        router.put("/interface/list", name=name)
    router.put("/interface/list/member", list="WAN", interface=WAN)
    router.put("/interface/list/member", list="LAN", interface=LAN)
    for place, name in enumerate(("all", "none", "dynamic", "static")):
        _born(router, "/interface/list", 0x2000000 + place, {"name": name, "builtin": "true"})


def _system(router: PracticeRouter) -> None:
    version = router.version
    row = {"version": version.text, "scheduled": "", "disabled": "false"}
    names = ["routeros"] if version.is_from("7") else ["system", "ppp", "dhcp", "hotspot", "ipv6"]
    for place, name in enumerate(names):
        _born(router, "/system/package", place, {"name": name, **row})
    if version.is_from("7"):
        for place, (name, value, kind) in enumerate(
            (("voltage", "24", "V"), ("temperature", "38", "C"))
        ):
            _born(router, "/system/health", place, {"name": name, "value": value, "type": kind})


def _born(router: PracticeRouter, path: str, number: int, values: dict[str, str]) -> None:
    router.store.table(path).add(values, number=number)
