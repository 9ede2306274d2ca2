"""Faults on demand: slowness, and a list of things to go wrong at the nth matching command."""

from dataclasses import dataclass, field
from enum import StrEnum


class Wrong(StrEnum):
    """What happens instead of a good answer."""

    DROP = "drop"  # the connection closes and nothing was done
    DROP_AFTER = "drop-after"  # done, but the connection closes before the answer
    DROP_MID = "drop-mid"  # done, and the connection closes in the middle of the answer
    TRAP = "trap"  # an error, nothing done
    HALF = "half"  # an error although it was done (with several ids or rows: half of it)
    FATAL = "fatal"  # !fatal, and the connection closes
    HANG = "hang"  # no answer, ever


@dataclass(slots=True)
class Fault:
    """Goes wrong at the `nth` command that starts with `command`, then is spent."""

    wrong: Wrong
    command: str = "/"
    nth: int = 1


@dataclass(slots=True)
class Faults:
    """`latency_ms` delays each answer; `cpu_ms` is work done one command at a time."""

    latency_ms: float = 0
    cpu_ms: float = 0
    planned: list[Fault] = field(default_factory=list)
    commands: int = 0
    log: list[str] = field(default_factory=list)

    def plan(self, wrong: Wrong | str, command: str = "/", nth: int = 1) -> None:
        self.planned.append(Fault(Wrong(wrong), command, nth))

    def clear(self) -> None:
        self.latency_ms = self.cpu_ms = 0
        self.planned.clear()

    def strike(self, command: str) -> Wrong | None:
        """Counts a command and tells what goes wrong with it, if anything."""
        self.commands += 1
        self.log.append(command)
        for fault in self.planned:
            if command.startswith(fault.command):
                fault.nth -= 1
                if not fault.nth:
                    self.planned.remove(fault)
                    return fault.wrong
        return None
