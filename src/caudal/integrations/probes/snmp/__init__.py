"""SNMP: numbers that devices tell about themselves, from many at once."""

from dataclasses import dataclass

from caudal.integrations import Manifest
from caudal.integrations.probes.snmp.driver import PySnmpReader


@dataclass(frozen=True, slots=True)
class Config:
    at_once: int = 100


def connect(config: Config) -> PySnmpReader:
    return PySnmpReader(config.at_once)


MANIFEST = Manifest("snmp", "SNMP", Config, connect)
