"""What devices tell over SNMP becomes numbers in their units, or nothing."""

import pytest

from caudal.core.metrics import NO_READING, PROFILES, Fold, Metric, measured, target
from caudal.core.ports.probe import Reading

OLT = {each.metric: each for each in PROFILES["huawei-olt"]}
OFF = 2147483647


def told(profile: str, scalars: dict[Metric, int] | None = None, **columns: tuple[int, ...]):
    sources = {each.metric: each for each in PROFILES[profile]}
    values = {sources[metric].oid: value for metric, value in (scalars or {}).items()}
    rows = {sources[Metric(name)].oid: found for name, found in columns.items()}
    return measured(Reading(1, values, rows), profile)


def test_the_worst_ont_is_the_signal_and_those_that_are_off_have_none():
    found = told("huawei-olt", {Metric.UPTIME: 12_300}, signal=(-1_311, OFF, -2_750))
    assert found == {Metric.UPTIME: 123.0, Metric.SIGNAL: -27.5, Metric.STATIONS: 2.0}


def test_no_ont_at_all_is_no_signal_and_no_station():
    assert told("huawei-olt", signal=(OFF,)) == {Metric.STATIONS: 0.0}


def test_a_value_that_means_nothing_is_left_out():
    assert told("huawei-olt", {Metric.UPTIME: OFF}) == {Metric.STATIONS: 0.0}
    assert OFF in NO_READING


def test_the_mean_of_a_column_is_one_number():
    profile, source = next(
        (name, each) for name, all in PROFILES.items() for each in all if each.fold is Fold.MEAN
    )
    reading = Reading(1, {}, {source.oid: (10, 20)})
    assert measured(reading, profile)[source.metric] == pytest.approx(15 * source.scale)


@pytest.mark.parametrize("profile", list(PROFILES))
def test_everything_of_a_profile_is_asked_for_once(profile: str):
    asked = target(7, "192.0.2.1", "public", profile, timeout_s=2.0)
    oids = [*asked.scalars, *asked.columns]
    assert sorted(oids) == sorted({each.oid for each in PROFILES[profile]})
    assert (asked.key, asked.host, asked.timeout_s) == (7, "192.0.2.1", 2.0)
