"""A rectangle of the map: read from an address, widened, and cut into the cells of a grid."""

import math
from dataclasses import dataclass

PIXELS = 72
"""How wide a cell of the grid is on the screen."""
LONGEST = 100
DEEPEST_ZOOM = 19
_STEP = 10
"""Degrees of latitude within which cells keep their height, so that they stand still."""


@dataclass(frozen=True, slots=True)
class Area:
    """Degrees; west is never greater than east."""

    west: float
    south: float
    east: float
    north: float

    def __str__(self) -> str:
        return f"{self.south:.4f}, {self.west:.4f} – {self.north:.4f}, {self.east:.4f}"

    @property
    def text(self) -> str:
        """As `read_area` reads it."""
        return f"{self.west:.6f},{self.south:.6f},{self.east:.6f},{self.north:.6f}"


def read_area(text: str) -> Area | None:
    """`west,south,east,north` in degrees, or None where that is no rectangle on Earth."""
    try:
        sides = [float(part) for part in text[:LONGEST].split(",")]
    except ValueError:
        return None
    if len(sides) != 4 or not all(map(math.isfinite, sides)):
        return None
    west, south, east, north = sides
    # Whoever looks at the whole world sees more than 360 degrees of it.
    west, east = max(west, -180.0), min(east, 180.0)
    south, north = max(south, -90.0), min(north, 90.0)
    return Area(west, south, east, north) if west <= east and south <= north else None


def cell_of(zoom: int, latitude: float) -> tuple[float, float]:
    """Width and height in degrees of a cell that is as high as wide on a Mercator map."""
    depth = min(max(zoom, 0), DEEPEST_ZOOM)
    width = PIXELS * 360 / (256 * 2**depth)
    near = min(abs(round(latitude / _STEP) * _STEP), 80)
    return width, width * math.cos(math.radians(near))
