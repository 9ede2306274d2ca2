"""What a router keeps when it is switched off: saved to a file, backed up, brought back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caudal.practice.routeros.plane import Cpe
from caudal.practice.routeros.table import Item

if TYPE_CHECKING:
    from caudal.practice.routeros.device import PracticeRouter

State = dict[str, Any]


def configuration(router: PracticeRouter) -> State:
    """Every row that is not in RAM."""
    tables = router.store.tables.items()
    return {
        "singletons": {path: dict(row) for path, row in router.store.singletons.items()},
        "tables": {path: _saved(table.items.values()) for path, table in tables},
        "next": {path: table.next_number for path, table in tables},
    }


def configure(router: PracticeRouter, state: State) -> None:
    """Replace the configuration by one taken before."""
    router.store.singletons |= {path: dict(row) for path, row in state["singletons"].items()}
    for menu, items in state["tables"].items():
        if table := router.store.tables.get(menu):
            saved = [Item(number, dict(values), born=born) for number, values, born in items]
            table.restore(saved, state["next"][menu])


def save(router: PracticeRouter, path: Path) -> None:
    """What survives a restart of the program: everything but RAM."""
    with router.lock:
        state = configuration(router) | {
            "seconds": router.clock.seconds,
            "serial": router.serial,
            "cpes": [_cpe(cpe) for cpe in router.plane.cpes.values()],
        }
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(state), "utf-8")
    fresh.replace(path)


def load(router: PracticeRouter, path: Path) -> None:
    """Bring back a saved state. Customers' equipment dials again."""
    state = json.loads(path.read_text("utf-8"))
    with router.lock:
        router.clock.move(state["seconds"] - router.clock.seconds)
        router.serial = state.get("serial", router.serial)
        configure(router, state)
        router.booted = router.clock.seconds
        for cpe in state["cpes"]:
            router.plane.attach(Cpe(**cpe))


def _saved(items: Iterable[Item]) -> list[tuple[int, dict[str, str], float]]:
    return [(item.number, dict(item.values), item.born) for item in items if not item.volatile]


def _cpe(cpe: Cpe) -> State:
    names = ("name", "password", "mac", "address", "wants_bps", "way", "interface", "radio")
    return {name: getattr(cpe, name) for name in (*names, "signal_dbm")}
