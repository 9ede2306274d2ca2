"""What a person may look up on a Linux router. It has no sessions and no radios to tell of."""

from collections.abc import Iterator
from dataclasses import replace

from caudal.core.access import Kind
from caudal.core.ports.access import AccessError, AccessFault, Candidate
from caudal.core.ports.tools import Hop, Lease, Neighbour, Rate, Vitals
from caudal.integrations.access.linux import candidates, leases, looking, reading
from caudal.integrations.access.linux.driver import LinuxDriver
from caudal.integrations.access.linux.looking import Sample
from caudal.integrations.access.linux.translate import rows

MOST_HOPS = 24
MOST_SILENT = 5
"""After so many stations in a row that say nothing, nobody further on is expected to."""


class LinuxToolbox(LinuxDriver):
    """The driver with what people ask of it; nothing here changes the router."""

    _watched: tuple[str, int] | None = None
    _last: Sample | None = None

    def vitals(self) -> Vitals:
        return looking.vitals(self._run(looking.VITALS))

    def neighbours(self) -> list[Neighbour]:
        return looking.neighbours(self._run(looking.NEIGHBOURS))

    def leases(self) -> list[Lease]:
        """Raises AccessError where no server keeps its leases in a place that is known."""
        found = leases.leases(self._run(leases.SCRIPT))
        if found is None:
            raise AccessError(AccessFault.UNABLE, permanent=True, detail="leases")
        return found

    def import_candidates(self) -> list[Candidate]:
        """Customers from what others configured. Reads only."""
        text = self._run(candidates.SCRIPT)
        return candidates.candidates(text, leases.leases(self._run(leases.SCRIPT)) or [])

    def answering(self, addresses: list[str]) -> set[str]:
        wanted = list(dict.fromkeys(addresses))
        return set(self._run(looking.roll_script(wanted)).split()) if wanted else set()

    def trace(self, address: str) -> Iterator[list[Hop]]:
        found: list[Hop] = []
        for number in range(1, MOST_HOPS + 1):
            hop, is_last = looking.hop(self._run(looking.hop_script(address, number)), number)
            found.append(hop if hop.average_ms or not hop.address else self._timed(hop))
            yield list(found)
            silent = [each for each in found[-MOST_SILENT:] if not each.address]
            if is_last or len(silent) == MOST_SILENT:
                return

    def flow(self, name: str) -> Rate | None:
        if self._watched is None or self._watched[0] != name:
            self._watched, self._last = self._class_of(name), None
        if self._watched is None:
            return None
        minor, before = self._watched[1], self._last
        text = self._run(looking.flow_script(minor, twice=before is None))
        found = [*([before] if before else []), *looking.samples(text, minor)]
        if len(found) < 2:
            self._watched = None
            return None
        self._last = found[-1]
        return looking.rate(found[-2], found[-1])

    def export(self) -> str:
        return reading.sections(self._run(looking.EXPORT))["text"].rstrip() + "\n"

    def _timed(self, hop: Hop) -> Hop:
        """Who buries a ping does not tell how long it took: he is pinged himself."""
        return replace(hop, average_ms=self.ping(hop.address, count=1).average_ms)

    def _class_of(self, name: str) -> tuple[str, int] | None:
        state, _parts = self._state()
        refs = {row.key: row.ref for row in rows(state) if row.kind is Kind.QUEUE}
        ref = refs.get(name, "")
        return (name, int(ref[6:], 16)) if ref.startswith("class ") else None
