"""Cuts through the RouterOS driver, and the pipelined minimum of the same commands."""

import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from caudal.core.access import Access, Diff, Speed, Technology, diff, wanted
from caudal.integrations.access.routeros import Config, RouterOsDriver, connect
from caudal.integrations.access.routeros.pace import START
from caudal.integrations.access.routeros.wire import command, encode
from caudal.practice.routeros import PracticeRouter

_DONE = b"\x05!done"


@dataclass(frozen=True, slots=True)
class Cuts:
    """Seconds of each part, and the commands a second run wrote.

    `window_s` sends the same commands 48 at a time, `minimum_s` all of them at once, which no
    client should do to a real router. `ratio` is of the driver to that minimum.
    """

    services: int
    latency_ms: float
    cpu_ms: float
    read_s: float
    diff_s: float
    apply_s: float
    window_s: float
    minimum_s: float
    ratio: float
    rerun_s: float
    rerun_writes: int


def measure(count: int = 1000, latency_ms: float = 10, cpu_ms: float = 0) -> Cuts:
    """One router with `count` PPPoE customers online, all cut in one plan over one connection."""
    services = [service_of(number) for number in range(count)]
    cut = [replace(service, suspended=True) for service in services]
    window_s, minimum_s = (
        _minimum(services, cut, latency_ms, cpu_ms, window) for window in (START, count)
    )
    with PracticeRouter() as router:
        driver = _ready(router, services)
        router.faults.latency_ms, router.faults.cpu_ms = latency_ms, cpu_ms
        started = time.perf_counter()
        snapshot = driver.read()
        read_at = time.perf_counter()
        plan = diff(wanted(cut), snapshot)
        diff_at = time.perf_counter()
        assert all(result.ok for result in driver.apply(plan.ops))
        applied_at = time.perf_counter()
        writes = _writes(router)
        assert len(plan.cut) == count and not router.sessions()
        driver.apply(diff(wanted(cut), driver.read()).ops)
        rerun_s = time.perf_counter() - applied_at
        driver.close()
        return Cuts(
            services=count,
            latency_ms=latency_ms,
            cpu_ms=cpu_ms,
            read_s=read_at - started,
            diff_s=diff_at - read_at,
            apply_s=applied_at - diff_at,
            window_s=window_s,
            minimum_s=minimum_s,
            ratio=(applied_at - diff_at) / minimum_s,
            rerun_s=rerun_s,
            rerun_writes=_writes(router) - writes,
        )


def service_of(number: int) -> Access:
    return Access(
        str(number),
        Technology.PPPOE,
        f"cliente{number}",
        Speed(2_000_000, 10_000_000),
        profile="Plan 10M",
        password="clave",
        address=f"10.20.{number // 250}.{number % 250 + 1}",
    )


def _ready(router: PracticeRouter, services: Sequence[Access]) -> RouterOsDriver:
    """Everybody configured and online."""
    driver = connect(Config("127.0.0.1", "admin", "practica", router.port))
    driver.apply(diff(wanted(services), driver.read()).ops)
    for service in services:
        router.plug(service.name, service.password)
    router.pass_time(60)
    return driver


def _writes(router: PracticeRouter) -> int:
    return sum(not text.endswith(("/print", "/login")) for text in router.faults.log)


def _minimum(
    services: Sequence[Access],
    cut: Sequence[Access],
    latency_ms: float,
    cpu_ms: float,
    window: int,
) -> float:
    """The same commands as prepared bytes, `window` under way, replies counted and not read."""
    with PracticeRouter() as router:
        driver = _ready(router, services)
        plan = diff(wanted(cut), driver.read())
        stages = [_encoded(driver, stage) for stage in _stages(plan)]
        driver.close()
        with socket.create_connection(("127.0.0.1", router.port)) as sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            login = command("/login", {"name": "admin", "password": "practica"})
            _exchange(sock, [encode(login)], window)
            router.faults.latency_ms, router.faults.cpu_ms = latency_ms, cpu_ms
            started = time.perf_counter()
            for stage in stages:
                _exchange(sock, stage, window)
            return time.perf_counter() - started


def _stages(plan: Diff) -> list[Diff]:
    numbers = sorted({op.stage for op in plan.ops})
    return [replace(plan, ops=tuple(o for o in plan.ops if o.stage == n)) for n in numbers]


def _encoded(driver: RouterOsDriver, stage: Diff) -> list[bytes]:
    """The very commands our driver would send."""
    return [encode(step.sentence) for step in driver.steps(list(stage.ops))]


def _exchange(sock: socket.socket, commands: Sequence[bytes], window: int) -> None:
    sent = done = 0
    tail = b""
    while done < len(commands):
        ready = min(len(commands), done + window)
        sock.sendall(b"".join(commands[sent:ready]))
        sent = ready
        data = tail + sock.recv(262_144)
        done += data.count(_DONE)
        # A word may be cut in two by the network: keep what could be its beginning.
        tail = b"" if data.endswith(_DONE) else data[-len(_DONE) + 1 :]
