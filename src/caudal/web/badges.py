"""The colour of each state, the same on every screen."""

COLORS: dict[str, str] = {
    "active": "green",
    "paid": "green",
    "done": "green",
    "in_sync": "green",
    "applied": "green",
    "sent": "green",
    "online": "green",
    "pending": "amber",
    "partial": "amber",
    "running": "blue",
    "dry_run": "blue",
    "queued": "blue",
    "open": "blue",
    "overdue": "red",
    "suspended": "red",
    "failed": "red",
    "drift": "red",
    "unreachable": "red",
    "braked": "amber",
    "cancelled": "grey",
    "void": "grey",
    "merged": "grey",
    "archived": "grey",
    "inactive": "grey",
}


def register(colors: dict[str, str]) -> None:
    """Add a room's states: code -> "green", "amber", "red", "blue" or "grey"."""
    COLORS.update(colors)


def color_of(code: object) -> str:
    return COLORS.get(str(code), "grey")
