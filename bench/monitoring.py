"""A round of checks over 1,000 devices: pinged, judged, stored, beside the bare pings."""

import os
from collections.abc import Iterator
from datetime import timedelta

from icmplib import SocketPermissionError, multiping, ping

from bench.report import Result, medians
from bench.rows import NOW
from caudal.apps.monitoring.actions.rounds import note_round
from caudal.apps.monitoring.collect import check_due
from caudal.apps.monitoring.models import CheckTemplate, Device
from caudal.core.ports.probe import Echo

DEVICES = int(os.environ.get("BENCH_DEVICES", "1000"))
BEHIND = 20
"""Every tower has so many radios."""
GOAL, JUDGING_GOAL = 2.0, 1.5


def run() -> Iterator[Result]:
    """One ping each, all of this machine's own addresses."""
    template = CheckTemplate.objects.create(name="Bench", ping_count=1, max_latency_ms=500)
    devices = [_device(n, template) for n in range(DEVICES)]
    Device.objects.bulk_create(devices, batch_size=500)
    for n, device in enumerate(devices):
        device.parent = devices[n - n % BEHIND] if n % BEHIND else None
    Device.objects.bulk_update(devices, ["parent"], batch_size=500)
    addresses = [device.address for device in devices]
    moment, as_root = NOW, _needs_privilege()

    def one_round() -> object:
        nonlocal moment
        moment += timedelta(minutes=2)
        counts = check_due(moment)
        assert counts["checked"] == DEVICES
        return counts

    def bare() -> object:
        return multiping(addresses, count=1, concurrent_tasks=256, timeout=1, privileged=as_root)

    times = medians(one_round, bare, 5)
    yield Result(f"round over {DEVICES:,} devices", *times, "bare pings (icmplib)", GOAL)
    echoes = {device.pk: Echo(device.pk, 1, 1, latency_ms=2.0) for device in devices}

    def judge() -> object:
        nonlocal moment
        moment += timedelta(minutes=2)
        return note_round(echoes, moment)

    times = medians(judge, bare, 5)
    yield Result("  of which judged and stored", *times, "bare pings (icmplib)", JUDGING_GOAL)


def _device(n: int, template: CheckTemplate) -> Device:
    address = f"127.{n // 60_000 + 1}.{n // 250 % 250}.{n % 250 + 1}"
    return Device(name=f"Equipo {n}", address=address, template=template)


def _needs_privilege() -> bool:
    try:
        ping("127.0.0.1", count=1, privileged=False)
    except SocketPermissionError:
        return True
    return False
