"""A practice RouterOS: the binary API on a real socket, a data plane, a clock and faults."""

from caudal.practice.routeros.clock import Clock
from caudal.practice.routeros.device import PracticeRouter
from caudal.practice.routeros.faults import Fault, Faults, Wrong
from caudal.practice.routeros.plane import Cpe
from caudal.practice.routeros.presets import configure_by_hand
from caudal.practice.routeros.tls import Tls
from caudal.practice.routeros.traps import Trap
from caudal.practice.routeros.version import V6, V6_OLD_LOGIN, V7, V7_NEW

__all__ = [
    "V6",
    "V6_OLD_LOGIN",
    "V7",
    "V7_NEW",
    "Clock",
    "Cpe",
    "Fault",
    "Faults",
    "PracticeRouter",
    "Tls",
    "Trap",
    "Wrong",
    "configure_by_hand",
]
