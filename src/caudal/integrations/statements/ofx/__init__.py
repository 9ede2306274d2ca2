"""OFX and QFX files, version 1 (SGML) and 2 (XML)."""

from dataclasses import dataclass

from caudal.integrations import Manifest
from caudal.integrations.statements.ofx.reader import OfxReader


@dataclass(frozen=True, slots=True)
class Config:
    """There is nothing to set."""


def connect(config: Config) -> OfxReader:
    return OfxReader()


MANIFEST = Manifest("ofx", "OFX", Config, connect)
