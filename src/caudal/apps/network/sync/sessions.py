"""Who is connected: what readings tell about live sessions, kept on the connections."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from caudal.apps.network.actions.addresses import note_seen_addresses
from caudal.apps.network.models import Connection, Router
from caudal.apps.network.sync.wanted import Line
from caudal.core.access import SESSION_OF, LineKey, Session

JITTER = timedelta(seconds=90)
"""Uptimes are read a moment apart: a start that moves less than this is the same session."""


def note_sessions(
    router: Router, lines: Iterable[Line], sessions: Iterable[Session], now: datetime
) -> None:
    """Only what changed is written: most customers stay connected for days."""
    by_name = {(session.kind, session.name): session for session in sessions}
    began, ended = [], []
    for line in lines:
        session = _of(line, by_name)
        if session is None:
            if line.online_since:
                ended.append(line.pk)
        elif _is_new(line, session, now):
            began.append(_row(line, session, now))
    told = {row.pk: (row.last_session["address"], row.online_since) for row in began}
    addresses = {pk: (text, since) for pk, (text, since) in told.items() if since}
    if began or ended:
        note_seen_addresses(router, addresses, ended, now)
    mine = Connection.objects.filter(router=router)
    mine.filter(pk__in=ended).update(online_since=None)
    mine.bulk_update(began, ["online_since", "last_session"], batch_size=200)


def _of(line: Line, by_name: dict[LineKey, Session]) -> Session | None:
    kind = SESSION_OF.get(line.key[0]) if line.access else None
    return by_name.get((kind, line.access.name)) if kind and line.access else None


def _is_new(line: Line, session: Session, now: datetime) -> bool:
    if line.online_since is None or line.session != _told(session):
        return True
    return abs(line.online_since - _start(session, now)) > JITTER


def _row(line: Line, session: Session, now: datetime) -> Connection:
    return Connection(pk=line.pk, online_since=_start(session, now), last_session=_told(session))


def _start(session: Session, now: datetime) -> datetime:
    return now - timedelta(seconds=session.age_s)


def _told(session: Session) -> dict[str, Any]:
    return {"address": session.address, "mac": session.mac, "speed": session.speed}
