"""What devices tell over SNMP: which identifiers of which make, and what their numbers mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from caudal.core.ports.probe import Reading, SnmpTarget

NO_READING = frozenset({2147483647, -2147483648})
"""What Huawei OLTs tell of an ONT that is off: not a power of 21 million dBm."""


class Metric(StrEnum):
    LATENCY = "latency"
    """Milliseconds."""
    LOSS = "loss"
    """Percent of the pings that were lost."""
    SIGNAL = "signal"
    """dBm; of a table of stations or ONTs the worst one."""
    NOISE = "noise"
    QUALITY = "quality"
    """Percent: the client connection quality of a radio link."""
    STATIONS = "stations"
    """Radios or ONTs that are connected."""
    CPU = "cpu"
    TEMPERATURE = "temperature"
    VOLTAGE = "voltage"
    UPTIME = "uptime"
    """Seconds."""


class Fold(StrEnum):
    """How the rows of a column become one number; ONE is a single object."""

    ONE = "one"
    LOWEST = "lowest"
    MEAN = "mean"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Source:
    metric: Metric
    oid: str
    fold: Fold = Fold.ONE
    scale: float = 1.0


_UPTIME = Source(Metric.UPTIME, "1.3.6.1.2.1.1.3.0", scale=0.01)
_CPU = Source(Metric.CPU, "1.3.6.1.2.1.25.3.3.1.2", Fold.MEAN)
_UBNT = "1.3.6.1.4.1.41112.1.4.5.1"
_MIKROTIK = "1.3.6.1.4.1.14988.1.1"
_ONT_RX = "1.3.6.1.4.1.2011.6.128.1.1.2.51.1.4"

PROFILES: Mapping[str, tuple[Source, ...]] = {
    "generic": (_UPTIME, _CPU),
    "ubnt": (
        _UPTIME,
        Source(Metric.SIGNAL, f"{_UBNT}.5.1"),
        Source(Metric.QUALITY, f"{_UBNT}.6.1"),
        Source(Metric.NOISE, f"{_UBNT}.8.1"),
        Source(Metric.STATIONS, f"{_UBNT}.15.1"),
    ),
    "routeros": (
        _UPTIME,
        _CPU,
        Source(Metric.SIGNAL, f"{_MIKROTIK}.1.2.1.3", Fold.LOWEST),
        Source(Metric.STATIONS, f"{_MIKROTIK}.1.2.1.3", Fold.COUNT),
        Source(Metric.VOLTAGE, f"{_MIKROTIK}.3.8.0", scale=0.1),
        Source(Metric.TEMPERATURE, f"{_MIKROTIK}.3.10.0", scale=0.1),
    ),
    "huawei-olt": (
        _UPTIME,
        Source(Metric.SIGNAL, _ONT_RX, Fold.LOWEST, 0.01),
        Source(Metric.STATIONS, _ONT_RX, Fold.COUNT),
    ),
}
"""Make -> what it tells: the UBNT-AirMAX and MIKROTIK MIBs, HOST-RESOURCES, and Huawei's GPON."""


def target(key: int, host: str, community: str, profile: str, **more: object) -> SnmpTarget:
    """What has to be asked of a device of that make; `more` as in SnmpTarget."""
    sources = PROFILES[profile]
    scalars = {each.oid: None for each in sources if each.fold is Fold.ONE}
    columns = {each.oid: None for each in sources if each.fold is not Fold.ONE}
    return SnmpTarget(
        key=key,
        host=host,
        community=community,
        scalars=tuple(scalars),
        columns=tuple(columns),
        **more,  # type: ignore[arg-type]
    )


def measured(reading: Reading, profile: str) -> dict[Metric, float]:
    """The numbers of a reading in their units; what the device does not tell is left out."""
    found = {each.metric: _value(each, reading) for each in PROFILES[profile]}
    return {metric: value for metric, value in found.items() if value is not None}


def _value(source: Source, reading: Reading) -> float | None:
    if source.fold is Fold.ONE:
        value = reading.scalars.get(source.oid)
        return None if value is None or value in NO_READING else value * source.scale
    rows = [row for row in reading.columns.get(source.oid, ()) if row not in NO_READING]
    return _folded(source, rows)


def _folded(source: Source, rows: Sequence[int]) -> float | None:
    if source.fold is Fold.COUNT:
        return float(len(rows))
    if not rows:
        return None
    value = min(rows) if source.fold is Fold.LOWEST else fmean(rows)
    return value * source.scale
