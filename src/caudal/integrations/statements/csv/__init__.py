"""Tables as banks export them: CSV in any encoding and separator, or a workbook."""

from dataclasses import dataclass

from caudal.integrations import Manifest
from caudal.integrations.statements.csv.reader import TableReader


@dataclass(frozen=True, slots=True)
class Config:
    """There is nothing to set."""


def connect(config: Config) -> TableReader:
    return TableReader()


MANIFEST = Manifest("csv", "CSV, Excel", Config, connect)
