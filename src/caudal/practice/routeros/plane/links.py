"""Below the addresses: ARP entries, and who is heard on the wireless interfaces."""

from caudal.practice.routeros.plane.equipment import Cpe, Way
from caudal.practice.routeros.plane.firewall import on
from caudal.practice.routeros.store import Store

RADIOS = (
    "/interface/wireless/registration-table",
    "/interface/wifi/registration-table",
    "/interface/wifiwave2/registration-table",
)


class Links:
    """What the router knows of neighbours by itself."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def answers(self, address: str, mac: str, interface: str) -> bool:
        """Would the router talk to this MAC? With `arp=reply-only` only to those it was told of."""
        there = self._store.table("/interface").named(interface)
        if there is None or not on(there):
            return False
        mode = there.values.get("arp", "enabled")
        if mode == "disabled":
            return False
        known = [
            row.values.get("mac-address", "")
            for row in self._store.table("/ip/arp").items.values()
            if on(row) and row.values["address"] == address
            and row.values["interface"] == interface and not _is_learned(row.values)
        ]  # fmt: skip
        return mac in known if known or mode == "reply-only" else True

    def learn(self, cpes: list[Cpe]) -> None:
        """Entries for the neighbours with an address of their own, where nobody wrote one."""
        table = self._store.table("/ip/arp")
        known = {(r.values["address"], r.values["interface"]) for r in table.items.values()}
        for cpe in cpes:
            key = (cpe.address, cpe.interface)
            if cpe.way is Way.STATIC and cpe.mac and key not in known and self._learns(cpe):
                row = {"address": cpe.address, "mac-address": cpe.mac, "interface": cpe.interface}
                table.add(row | {"learned": "true"}, volatile=True)

    def _learns(self, cpe: Cpe) -> bool:
        there = self._store.table("/interface").named(cpe.interface)
        return there is not None and on(there) and there.values.get("arp", "enabled") == "enabled"

    def hear(self, cpes: list[Cpe]) -> None:
        """Registrations of the equipment that has a radio, in the menu this version has."""
        path = next((path for path in RADIOS if self._store.has(path)), "")
        if not path:
            return
        table = self._store.table(path)
        heard = {row.values["mac-address"] for row in table.items.values()}
        for cpe in cpes:
            if cpe.radio and cpe.mac and cpe.mac not in heard:
                row = {"interface": cpe.radio, "mac-address": cpe.mac}
                table.add(row, volatile=True)


def _is_learned(row: dict[str, str]) -> bool:
    return "learned" in row
