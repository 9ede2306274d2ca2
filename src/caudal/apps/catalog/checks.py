"""What must hold for plans, series and logos, whoever writes them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Protocol

from caudal.apps.catalog.errors import CatalogCode, CatalogError
from caudal.apps.catalog.models import Plan

BURST_FIELDS = (
    "burst_down_kbps",
    "burst_up_kbps",
    "burst_threshold_down_kbps",
    "burst_threshold_up_kbps",
    "burst_seconds",
)
MOST_LOGO_KB = 512
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def plan_faults(plan: Plan) -> Iterator[CatalogError]:
    """Everything that is wrong with a plan's price and speeds, one field at a time.

    A burst is whole or absent, and threshold <= speed <= burst, as a router's queue needs it.
    """
    if plan.price is not None and plan.price < Decimal(0):
        yield CatalogError(CatalogCode.PRICE_NEGATIVE, "price")
    for field in ("down_kbps", "up_kbps"):
        if not getattr(plan, field):
            yield CatalogError(CatalogCode.SPEED_MISSING, field)
    yield from _guarantee_faults(plan)
    missing = [field for field in BURST_FIELDS if not getattr(plan, field)]
    if missing and len(missing) < len(BURST_FIELDS):
        yield CatalogError(CatalogCode.BURST_INCOMPLETE, missing[0])
    if not missing:
        for way in ("down", "up"):
            yield from _burst_faults(plan, way)


def _guarantee_faults(plan: Plan) -> Iterator[CatalogError]:
    for way in ("down", "up"):
        if (getattr(plan, f"guaranteed_{way}_kbps") or 0) > (getattr(plan, f"{way}_kbps") or 0):
            yield CatalogError(CatalogCode.GUARANTEE_ABOVE_SPEED, f"guaranteed_{way}_kbps")


def _burst_faults(plan: Plan, way: str) -> Iterator[CatalogError]:
    speed = getattr(plan, f"{way}_kbps") or 0
    if getattr(plan, f"burst_{way}_kbps") < speed:
        yield CatalogError(CatalogCode.BURST_BELOW_SPEED, f"burst_{way}_kbps")
    if getattr(plan, f"burst_threshold_{way}_kbps") > speed:
        yield CatalogError(CatalogCode.THRESHOLD_ABOVE_SPEED, f"burst_threshold_{way}_kbps")


def check_plan(plan: Plan) -> None:
    """Raise the first fault."""
    for fault in plan_faults(plan):
        raise fault


class Upload(Protocol):
    """A file that a browser sent."""

    @property
    def size(self) -> int | None: ...

    def seek(self, offset: int, /) -> int: ...
    def read(self, size: int = ..., /) -> Any: ...


def check_logo(file: Upload) -> None:
    """A PNG or JPEG by its content, not by its name; SVG may carry scripts and is refused."""
    if (file.size or 0) > MOST_LOGO_KB * 1024:
        raise CatalogError(CatalogCode.LOGO_TOO_LARGE, "logo", most=MOST_LOGO_KB)
    if not picture_type(file):
        raise CatalogError(CatalogCode.LOGO_NOT_A_PICTURE, "logo")


def picture_type(file: Upload) -> str:
    """Media type of a picture by its first bytes; empty where it is none."""
    file.seek(0)
    start = file.read(8)
    file.seek(0)
    return next((kind for mark, kind in _PICTURES.items() if start.startswith(mark)), "")
