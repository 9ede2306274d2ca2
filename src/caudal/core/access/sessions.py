"""Which live sessions must be closed because they carry what is no longer true."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from caudal.core.access.logins import CUT, rate_of
from caudal.core.access.rows import Kind, Session

CLOCK_GRAIN_S = 2  # uptimes are whole seconds and are read a moment apart
LineKey = tuple[Kind, str]
"""The kind of a session and its user name."""
NOT_YET = -CLOCK_GRAIN_S - 1  # age of an entry about to be written: younger than any session


@dataclass(frozen=True, slots=True)
class Line:
    """What is to hold for the sessions of one user name.

    `address` and `mac` are empty when free; `speed` is the profile's `max`, None when unknown.
    `blocked_s` is the age of the entry that blocks the address, None when there is none.
    `moved` says that the account is about to get another profile. `answer` is what a RADIUS
    server would answer now, None where the router answers itself.
    """

    service_id: str
    up: bool
    address: str = ""
    mac: str = ""
    speed: str | None = None
    blocked_s: int | None = None
    moved: bool = False
    answer: str | None = None


def stale(
    lines: Mapping[LineKey, Line], sessions: Collection[Session], spared: Collection[str] = ()
) -> Iterator[tuple[Session, Line, str]]:
    """Sessions to close, each with its reason. Sessions opened through RADIUS are not ours.

    `spared` are services whose session was closed a moment ago: a difference that a new dial
    does not cure must not disconnect a customer again and again. A cut spares nobody, and who
    paid since must not wait.
    """
    for session in sessions:
        line = lines.get((session.kind, session.name))
        if line is None or session.radius:
            continue
        reason = _cut_reason(line, session)
        if not reason and line.service_id not in spared:
            reason = _old_reason(line, session)
        if reason:
            yield session, line, reason


def _cut_reason(line: Line, session: Session) -> str:
    if not line.up:
        return "account-down"
    if line.address and session.address and session.address != line.address:
        return "old-address"
    # The entry is younger than the session: connections opened before the cut still flow
    # through fasttrack. Comparing ages on the router's clock finds them after any lost reply.
    if line.blocked_s is not None and session.age_s > line.blocked_s + CLOCK_GRAIN_S:
        return "cut"
    if line.answer is not None and (line.answer == CUT) != (session.answer == CUT):
        return "cut" if line.answer == CUT else "restored"
    return ""


def _old_reason(line: Line, session: Session) -> str:
    if line.mac and session.mac and session.mac.upper() != line.mac:
        return "old-mac"
    if line.answer is not None:
        return _old_answer(line.answer, session.answer)
    if not session.speed:
        return "old-profile" if line.moved else ""
    return "old-speed" if line.speed not in (None, session.speed) else ""


def _old_answer(wanted: str, carried: str) -> str:
    """A full session may change its speed as it is; what was cut has to come in anew."""
    if wanted == carried:
        return ""
    return "old-speed" if rate_of(wanted) and rate_of(carried) else "old-answer"
