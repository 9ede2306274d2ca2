"""What 100,000 services want of their routers: the time grows with their number, not faster."""

import time
import tracemalloc
from collections.abc import Iterator

from bench.report import Result
from caudal.core.access import Access, Speed, Technology, wanted

SERVICES = 100_000
SMALL = SERVICES // 10
MOST_MIB = 200
GOAL = 1.5
"""Tenfold services may take this many times ten times as long: what no cache holds is slower. Work
that grew with the square of their number would take ten times ten times as long."""
PLANS = [Speed(1_000_000 * n, 4_000_000 * n, priority=1 + n % 8) for n in range(1, 21)]
WAYS = (
    Technology.PPPOE,
    Technology.SIMPLE_QUEUE,
    Technology.PCQ,
    Technology.HOTSPOT,
    Technology.DHCP,
    Technology.STATIC,
)


def run() -> Iterator[Result]:
    small, large = _people(SMALL), _people(SERVICES)
    _seconds(small)
    tenth = min(_seconds(small) for _ in range(5))
    whole = min(_seconds(large) for _ in range(2))
    yield Result(
        f"wanted state of {SERVICES:,} services of six technologies",
        whole,
        tenth * SERVICES / SMALL,
        f"ten times the time of {SMALL:,}",
        GOAL,
        "linear",
    )
    del small, large
    yield Result(
        "memory at its peak, with the services themselves",
        _mebibytes(SERVICES),
        MOST_MIB,
        "what the house allows",
        1.0,
        unit="MiB",
    )


def _people(count: int) -> list[Access]:
    return [_person(number) for number in range(count)]


def _person(number: int) -> Access:
    way, plan = WAYS[number % len(WAYS)], number % len(PLANS)
    host = f"{10 + number // 16_777_216}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return Access(
        str(number),
        way,
        f"cliente.{number}",
        PLANS[plan],
        f"Plan {plan}",
        "una-clave" if way in (Technology.PPPOE, Technology.HOTSPOT) else "",
        host,
        mac=f"02:00:{number >> 24 & 255:02X}:{number >> 16 & 255:02X}:"
        f"{number >> 8 & 255:02X}:{number & 255:02X}",
        suspended=number % 10 == 0,
        label=f"C{number:06} Nombre Apellido",
        interface="bridge-lan",
    )


def _seconds(services: list[Access]) -> float:
    """Of the processor: it is arithmetic alone, and others may use the machine meanwhile."""
    start = time.process_time()
    wanted(services, owner="bench", own_addresses=["192.0.2.1"])
    return time.process_time() - start


def _mebibytes(count: int) -> float:
    tracemalloc.start()
    want = wanted(_people(count), owner="bench", own_addresses=["192.0.2.1"])
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(want.rows) > count
    return peak / 2**20
