"""Ties tables that show live things to the data plane, and special commands to the shell."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from caudal.practice.routeros.printing.access import AccessShown
from caudal.practice.routeros.printing.box import BoxShown
from caudal.practice.routeros.printing.files import Files
from caudal.practice.routeros.printing.queues import RATES, QueuesShown
from caudal.practice.routeros.printing.tools import Tools
from caudal.practice.routeros.shell import quit_
from caudal.practice.routeros.table import Computed, Item

if TYPE_CHECKING:
    from caudal.practice.routeros.device import PracticeRouter


def install(router: PracticeRouter) -> None:
    shown: dict[str, Computed] = {
        **AccessShown(router).tables(),
        **QueuesShown(router).tables(),
        **BoxShown(router).tables(),
    }
    for path, computed in shown.items():
        if router.store.has(path):
            router.store.tables[path].computed = computed
    queues = QueuesShown(router)
    simple = router.store.tables["/queue/simple"]
    simple.measured, simple.measures = queues.rates, RATES
    for path, name in (("/ppp/active", "name"), ("/ip/hotspot/active", "user")):
        router.store.tables[path].on_remove = _hang_up(router, name)
    router.shell.specials |= {
        "/quit": quit_,
        **Tools(router).commands(),
        **Files(router).commands(),
    }


def _hang_up(router: PracticeRouter, name: str) -> Callable[[Item], None]:
    def act(item: Item) -> None:
        router.plane.hang_up(item.values[name])

    return act
