"""Asking devices how they are: the only part of monitoring that reaches the network."""

from collections.abc import Sequence
from datetime import datetime

from caudal.apps.clock.jobs import Run
from caudal.apps.monitoring.actions.rounds import (
    claim_due,
    claim_readings,
    note_readings,
    note_round,
    silent_parents,
)
from caudal.apps.monitoring.models import Device
from caudal.core.metrics import measured, target
from caudal.core.ports.probe import Echo, Pinger, PingTarget, SnmpReader, SnmpTarget
from caudal.integrations import manifest


def pinger() -> Pinger:
    found = manifest("probes", "icmp")
    driver: Pinger = found.connect(found.config())
    return driver


def snmp_reader() -> SnmpReader:
    found = manifest("probes", "snmp")
    driver: SnmpReader = found.connect(found.config())
    return driver


def check_due(now: datetime, run: Run | None = None, via: Pinger | None = None) -> dict[str, int]:
    """Ping whatever is due, and what stands before those that do not answer. Raises ProbeError."""
    job = run or Run()
    devices = claim_due(now)
    if not devices:
        return {}
    job.plan(len(devices))
    asker = via or pinger()
    echoes = {echo.key: echo for echo in asker.ping(_targets(devices))}
    job.keep_alive()
    while parents := silent_parents(echoes):
        echoes |= {echo.key: echo for echo in asker.ping(_targets(parents))}
        job.keep_alive()
    counts = note_round(echoes, now)
    job.advance(len(devices))
    return counts


def read_due(now: datetime, run: Run | None = None, via: SnmpReader | None = None) -> int:
    """Read whatever is due over SNMP; returns how many told something."""
    job = run or Run()
    devices = claim_readings(now)
    if not devices:
        return 0
    job.plan(len(devices))
    asked = [_reading(device) for device in devices]
    readings = (via or snmp_reader()).read(asked)
    profiles = {device.pk: _profile(device) for device in devices}
    found = {
        each.key: measured(each, profiles[each.key]) for each in readings if each.fault is None
    }
    faults = {each.key: str(each.fault) for each in readings if each.fault is not None}
    note_readings(found, faults, now)
    job.advance(len(devices))
    return len(found)


def try_device(device: Device, via: Pinger | None = None) -> Echo:
    """Ping it now; nothing is stored. Raises ProbeError."""
    (echo,) = (via or pinger()).ping([PingTarget(device.pk or 0, device.address)])
    return echo


def _targets(devices: Sequence[Device]) -> list[PingTarget]:
    found = []
    for device in devices:
        assert device.template is not None
        count, wait = device.template.ping_count, device.template.timeout_ms / 1000
        found.append(PingTarget(device.pk, device.address, count, wait))
    return found


def _profile(device: Device) -> str:
    assert device.template is not None
    return device.template.profile


def _reading(device: Device) -> SnmpTarget:
    return target(
        device.pk,
        device.address,
        device.community,
        _profile(device),
        port=device.snmp_port,
        version=device.snmp_version,
    )
