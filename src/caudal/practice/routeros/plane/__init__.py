"""The data plane: customers' equipment connects, gets an address and a speed, and moves bytes."""

from caudal.practice.routeros.plane.equipment import LAN, WAN, Cpe, Live
from caudal.practice.routeros.plane.plane import Plane

__all__ = ["LAN", "WAN", "Cpe", "Live", "Plane"]
