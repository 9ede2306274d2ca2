"""A router as found in the field: configured by hand over years, by several people."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from caudal.practice.routeros.wire import to_text

if TYPE_CHECKING:
    from caudal.practice.routeros.device import PracticeRouter

_FIRST = ("José", "María", "Ana", "Luis", "Sofía", "Andrés", "Lucía", "Martín", "Inés", "Óscar")
_LAST = ("Pérez", "Núñez", "Ibáñez", "Gómez", "Peña", "Muñoz", "Quispe", "Ordóñez", "Ríos", "Acuña")
_PLANS = (
    ("Plan Básico 5M", "1M/5M"),
    ("Plan Hogar 10M", "2M/10M"),
    ("Plan Hogar 20M", "4M/20M 8M/30M 3M/15M 10/10"),
    ("Plan Negocio 50M", "10M/50M 0/0 0/0 0/0 4"),
)
_PLAIN = str.maketrans("áéíóúñüÁÉÍÓÚÑ", "aeiounuAEIOUN")


def configure_by_hand(
    router: PracticeRouter, *, secrets: int = 60, queues: int = 20, seed: int = 7
) -> None:
    """Customers without any mark of ours, accents in two character sets, rows that are nobody's
    customer, a fasttrack firewall whose cut rule stands too low, and equipment that dials."""
    random = Random(seed)
    _network(router)
    _firewall(router)
    _strangers(router)
    for number in range(secrets):
        _secret(router, random, number)
    for number in range(queues):
        _queue(router, random, number)


def _windows(text: str) -> str:
    """As Winbox 3 stored it: bytes of the Windows code page."""
    return to_text(text.encode("cp1252"))


def _network(router: PracticeRouter) -> None:
    router.put("/ip/address", address="190.12.33.2/30", interface="ether1")
    router.put("/ip/address", address="10.20.0.1/16", interface="ether2")
    router.put("/ip/address", address="10.30.0.1/16", interface="ether2")
    router.put("/ip/pool", name="pool-pppoe", ranges="10.20.200.2-10.20.203.254")
    for name, rate in _PLANS:
        router.put(
            "/ppp/profile",
            name=name,
            local_address="10.20.0.1",
            remote_address="pool-pppoe",
            rate_limit=rate,
        )
    router.put(
        "/interface/pppoe-server/server",
        interface="ether2",
        service_name="internet",
        default_profile=_PLANS[0][0],
        disabled="no",
    )


def _firewall(router: PracticeRouter) -> None:
    rules = (
        {"action": "fasttrack-connection", "connection_state": "established,related"},
        {"action": "accept", "connection_state": "established,related,untracked"},
        {"action": "drop", "connection_state": "invalid"},
        {
            "action": "drop",
            "src_address_list": "morosos",
            "out_interface_list": "WAN",
            "comment": _windows("CORTE por falta de pago, ¡no borrar!"),
        },
    )
    for rule in rules:
        router.put("/ip/firewall/filter", chain="forward", **rule)
    router.put("/ip/firewall/nat", chain="srcnat", action="masquerade", out_interface_list="WAN")


def _strangers(router: PracticeRouter) -> None:
    """What a tool for customers must leave alone."""
    router.put("/ppp/secret", name="vpn-oficina", password="0f1c1n4", service="l2tp")
    router.put("/queue/simple", name="Gerencia", target="192.168.88.0/24", max_limit="0/0")
    router.put(
        "/queue/simple",
        name=_windows("Cámaras depósito"),
        target="192.168.90.10",
        max_limit="2M/2M",
        comment=_windows("señal a la guardia"),
    )
    for address in ("192.168.90.10", "192.168.90.11"):
        router.put("/ip/firewall/address-list", list="camaras", address=address)
    router.put("/ip/firewall/address-list", list="morosos", address="10.20.7.7", comment="?")


def _person(random: Random) -> tuple[str, str]:
    return random.choice(_FIRST), f"{random.choice(_LAST)} {random.choice(_LAST)}"


def _secret(router: PracticeRouter, random: Random, number: int) -> None:
    first, last = _person(random)
    user = f"{first}.{last.split()[0]}{number:02}".lower().translate(_PLAIN)
    comment = f"{first} {last} - 55 5{number:03} {random.randrange(1000, 9999)}"
    address = f"10.20.{1 + number // 200}.{10 + number % 200}"
    about = {"remote_address": address} if number % 9 else {}
    password = f"{random.randrange(10**6):06}"
    router.put(
        "/ppp/secret",
        name=user,
        password=password,
        service=("any", "pppoe")[number % 2],
        profile=random.choice(_PLANS)[0],
        comment=_windows(comment) if number % 2 else comment,
        disabled="yes" if number % 20 == 13 else "no",
        **about,
    )
    if number % 12 == 5:
        router.put("/ip/firewall/address-list", list="morosos", address=address, comment="debe")
    router.plug(user, password, mac=f"02:00:5E:10:{number // 256:02X}:{number % 256:02X}")


def _queue(router: PracticeRouter, random: Random, number: int) -> None:
    first, last = _person(random)
    name = f"{first} {last} {number:02}"
    address = f"10.30.{number // 200}.{10 + number % 200}"
    limit = random.choice(("1M/5M", "2M/10M", "4M/20M"))
    stored = _windows(name) if number % 2 else name
    router.put("/queue/simple", name=stored, target=address, max_limit=limit)
    router.plug(f"antena-{address}", address=address)


_SPEEDS = ("1M/5M", "2M/10M", "2M/10M", "4M/20M", "512k/2M", "10M/50M")
_SHAPES = (
    "{NAME} {speed}",
    "{Name}",
    "{NAME} {speed} {phone}",
    "{Name} - {phone}",
    "sr {Name} plan {speed} casa esquina",
)
_OWN = ("CAMARAS {n}", "AP torre {n}", "Enlace backhaul {n}", "prueba {n}", "GERENCIA {n}")


def messy_queues(router: PracticeRouter, count: int, *, seed: int = 11) -> None:
    """Simple queues as years of several hands leave them: names in comments or in the queue, some
    in neither; whole networks, disabled ones, two for one address, equipment of the provider."""
    random = Random(seed)
    for number in range(count):
        _messy_queue(router, random, number)


def _messy_queue(router: PracticeRouter, random: Random, number: int) -> None:
    first, last = _person(random)
    limit = random.choice(_SPEEDS)
    address = f"10.{60 + number // 60_000}.{number // 200 % 250}.{10 + number % 200}"
    person = f"{first} {last}"
    speed = limit.partition("/")[2]
    words = {"Name": person, "NAME": person.upper(), "speed": speed, "n": number}
    words["phone"] = f"55{random.randrange(10**7, 10**8)}"
    comment = random.choice(_SHAPES).format(**words)
    row = {"name": f"queue{number}", "target": address, "max_limit": limit, "comment": comment}
    kind = number % 25
    if kind in (3, 9):
        row |= {"name": comment.replace(",", "")[:40] + f" {number}", "comment": ""}
    elif kind == 5:
        row |= {"name": _OWN[number % len(_OWN)].format(**words), "comment": ""}
    elif kind == 12:
        row |= {"target": f"10.{90 + number % 60}.0.0/24", "comment": "RED " + comment}
    elif kind == 17:
        row |= {"comment": "", "disabled": "yes"}
    elif kind == 21:
        row["target"] = f"10.{60 + (number - 1) // 60_000}.{(number - 1) // 200 % 250}." + str(
            10 + (number - 1) % 200
        )
    elif kind == 23:
        row |= {"burst_limit": "4M/20M", "burst_threshold": "1M/8M", "burst_time": "10s/10s",
                "max_limit": "2M/10M"}  # fmt: skip
    router.put("/queue/simple", **row)
