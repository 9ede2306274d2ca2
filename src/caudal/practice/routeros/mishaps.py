"""What happens to routers in the field: old backups, another box in the place, hands that edit."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from caudal.practice.routeros.memory import State, configuration, configure
from caudal.practice.routeros.plane.firewall import on
from caudal.practice.routeros.store import Item

if TYPE_CHECKING:
    from caudal.practice.routeros.device import PracticeRouter

Edit = dict[str, str]
"""`what` was done (a code), and the `name` of the row."""


class Mishaps:
    """Of one router. Each may be called from any thread."""

    def __init__(self, router: PracticeRouter) -> None:
        self._router = router
        self._born: State = configuration(router)
        self._backups: dict[str, State] = {}

    def back_up(self, name: str) -> str:
        """Keep the configuration as it is now under this name."""
        with self._router.lock:
            self._backups[name] = configuration(self._router) | {
                "at": self._router.clock.now.isoformat(timespec="minutes")
            }
        return name

    def backups(self) -> list[dict[str, str]]:
        return [{"name": name, "at": state["at"]} for name, state in self._backups.items()]

    def restore(self, name: str) -> None:
        """As a router does it: the old configuration, and a reboot. Raises KeyError."""
        state = self._backups[name]
        self._router.power_off()
        with self._router.lock:
            configure(self._router, state)
        self._router.power_on()

    def swap(self, serial: str, *, empty: bool = False) -> None:
        """Another box answers at the address: with the same configuration, or as from the shop."""
        router = self._router
        router.power_off()
        with router.lock:
            router.serial = serial
            if empty:
                configure(router, self._born)
        router.power_on()

    def hand_edit(self, count: int = 1, seed: int | None = None) -> list[Edit]:
        """Somebody with Winbox changes a few rows, ours and others'. The same seed does the same.

        Returns what was done; fewer where there is nothing to change.
        """
        random = Random(seed)
        with self._router.lock:
            found = [self._one(random) for _ in range(count)]
        return [edit for edit in found if edit]

    def _one(self, random: Random) -> Edit | None:
        ways = [self._other_speed, self._lifted, self._disabled, self._removed, self._own_queue]
        random.shuffle(ways)
        return next((edit for way in ways if (edit := way(random))), None)

    def _rows(self, path: str, random: Random) -> list[Item]:
        items = self._router.store.table(path).items.values()
        rows = [item for item in items if not item.volatile and item.number > 1]
        random.shuffle(rows)
        return rows

    def _other_speed(self, random: Random) -> Edit | None:
        for queue in self._rows("/queue/simple", random)[:1]:
            self._router.store.change("/queue/simple", queue, {"max-limit": "50M/50M"})
            return _told("other-speed", queue)
        return None

    def _lifted(self, random: Random) -> Edit | None:
        """A cut is taken out, as a favour."""
        for entry in self._rows("/ip/firewall/address-list", random)[:1]:
            self._router.store.remove("/ip/firewall/address-list", entry)
            return {"what": "lifted", "name": entry.values["address"]}
        return None

    def _disabled(self, random: Random) -> Edit | None:
        for secret in self._rows("/ppp/secret", random):
            if on(secret):
                self._router.store.change("/ppp/secret", secret, {"disabled": "yes"})
                return _told("disabled", secret)
        return None

    def _removed(self, random: Random) -> Edit | None:
        for secret in self._rows("/ppp/secret", random)[:1]:
            self._router.store.remove("/ppp/secret", secret)
            return _told("removed", secret)
        return None

    def _own_queue(self, random: Random) -> Edit | None:
        name = f"prueba-{random.randrange(1000, 9999)}"
        target = f"10.99.{random.randrange(250)}.{random.randrange(2, 250)}"
        given = {"name": name, "target": target, "max-limit": "5M/5M"}
        return _told("own-queue", self._router.store.add("/queue/simple", given))


def _told(what: str, item: Item) -> Edit:
    return {"what": what, "name": item.values["name"]}
