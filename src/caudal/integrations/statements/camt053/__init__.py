"""Bank statements as ISO 20022 has them: camt.053 of any version, and its intraday sister 052."""

from dataclasses import dataclass

from caudal.integrations import Manifest
from caudal.integrations.statements.camt053.reader import CamtReader


@dataclass(frozen=True, slots=True)
class Config:
    """There is nothing to set."""


def connect(config: Config) -> CamtReader:
    return CamtReader()


MANIFEST = Manifest("camt053", "camt.053", Config, connect)
