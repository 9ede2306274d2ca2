"""The tables of one router as the RADIUS driver sees them."""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Max

from caudal.apps.clock.now import machine_time
from caudal.apps.network.models import Router
from caudal.apps.radius.models import Login, Session
from caudal.apps.radius.queries import LOST
from caudal.core.access import Kind, Row, parse_mark
from caudal.core.access import Session as Live
from caudal.core.access.logins import rate_of
from caudal.core.ports.access import AccessError, AccessFault
from caudal.core.ports.radius import Target

FIELDS = ("password", "rate", "address", "pool", "prefix", "mac")
"""Columns of a login that are attributes of its row, by the same names."""
FILLED = ["username", "comment", "changed", "gone", "reason", *FIELDS]
AT_ONCE = 1_000


class RouterBook:
    """`machine` is the machine's clock: reports carry its time, the demo's clock may be moved."""

    def __init__(self, router: Router, machine: Callable[[], datetime] = machine_time) -> None:
        self.router = router
        self._machine = machine

    def heard_at(self) -> datetime | None:
        mine = Session.objects.filter(router=self.router)
        heard = mine.aggregate(heard=Max("heard"))["heard"]
        return datetime.fromtimestamp(heard, UTC) if heard is not None else None

    def rows(self) -> tuple[Row, ...]:
        logins = Login.objects.filter(router=self.router, gone=False)
        return tuple(row_of(login) for login in logins)

    def sessions(self) -> tuple[Live, ...]:
        """Sessions of another name than the login's carry nothing that is still true."""
        names = dict(
            Login.objects.filter(router=self.router, gone=False).values_list(
                "connection_id", "username"
            )
        )
        at = int(self._machine().timestamp())
        found = Session.objects.open().filter(router=self.router)
        silent = set(found.silent(at).values_list("pk", flat=True))
        return tuple(_live(each, names, at) for each in found if each.pk not in silent)

    def write(self, row: Row, before: Row | None) -> bool:
        """Raises AccessError where the row is not the one that was read, or names no service."""
        held = Login.objects.filter(router=self.router, gone=False)
        login = held.filter(pk=before.ref).first() if before else self._of_service(row)
        if before and login is None:
            raise AccessError(AccessFault.GONE)
        known = {row.comment, before.comment if before else row.comment}
        if login and not login.gone and login.comment not in known:
            raise AccessError(AccessFault.CHANGED_MEANWHILE, detail=login.comment)
        login = login or self._new(row)
        if (
            login.pk
            and not login.gone
            and row_of(login) == Row(row.kind, row.key, row.attrs, row.comment, str(login.pk))
        ):
            return False
        store(login, row, int(self._machine().timestamp()))
        return True

    def remove(self, row: Row) -> bool:
        """The row stays, emptied of its password, so that a refusal tells whose it was; unless
        the customer is answered on another router."""
        login = Login.objects.filter(pk=row.ref or 0, router=self.router, gone=False).first()
        if login is None:
            return False
        if login.comment != row.comment:
            raise AccessError(AccessFault.CHANGED_MEANWHILE, detail=login.comment)
        others = Login.objects.filter(connection=login.connection_id, gone=False)
        if others.exclude(pk=login.pk).exists():
            login.delete()
        else:
            login.gone, login.reason = True, Login.Reason.CANCELLED
            login.changed = int(self._machine().timestamp())
            login.save(update_fields=["gone", "reason", "changed"])
        return True

    def targets(self, refs: Collection[str]) -> list[Target]:
        found = {str(each.pk): each for each in Session.objects.open().filter(pk__in=list(refs))}
        return [
            Target(ref, found[ref].username, unescaped(found[ref].session_id), found[ref].address)
            for ref in refs
            if ref in found
        ]

    def carries(self, ref: str, answer: str) -> None:
        Session.objects.filter(pk=ref).update(answer=answer)

    def ended(self, ref: str) -> None:
        at = int(self._machine().timestamp())
        Session.objects.open().filter(pk=ref).update(ended=at, cause=LOST)

    def _of_service(self, row: Row) -> Login | None:
        connection = self._connection(row)
        return Login.objects.filter(router=self.router, connection=connection).first()

    def _new(self, row: Row) -> Login:
        return Login(router=self.router, connection_id=self._connection(row))

    def _connection(self, row: Row) -> int:
        mark = parse_mark(row.comment)
        service = int(mark.service_id) if mark and mark.service_id.isdigit() else 0
        connections = self.router.connections.filter(service=service)
        found = connections.values_list("pk", flat=True).first()
        if found is None:
            raise AccessError(AccessFault.REFUSED, detail=f"no connection of service {service}")
        return int(found)


def store(login: Login, row: Row, at: int) -> None:
    """Write a row's answer into a login, new or old."""
    fill(login, row, at)
    login.save()


def store_all(logins: Sequence[Login]) -> None:
    """Filled logins, new and old, in a statement for each thousand of them."""
    Login.objects.bulk_create(
        logins,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["connection", "router"],
        update_fields=FILLED,
    )


def fill(login: Login, row: Row, at: int) -> None:
    """A row's answer, not stored yet."""
    login.username, login.comment, login.changed, login.gone = row.key, row.comment, at, False
    login.reason = Login.Reason.NONE if row.enabled else Login.Reason.SUSPENDED
    for name in FIELDS:
        setattr(login, name, row.attrs.get(name, ""))


def row_of(login: Login) -> Row:
    """The neutral row of what is answered."""
    attrs: dict[str, Any] = {name: getattr(login, name) for name in FIELDS}
    attrs["enabled"] = "no" if login.reason else ""
    kept = {name: value for name, value in attrs.items() if value}
    return Row(Kind.LOGIN, login.username, kept, login.comment, str(login.pk))


def unescaped(text: str) -> str:
    """What FreeRADIUS escaped for SQL, `=25` for `%`, as the router wrote it."""
    parts = text.split("=")
    plain = [parts[0]]
    for part in parts[1:]:
        try:
            plain.append(chr(int(part[:2], 16)) + part[2:] if len(part) >= 2 else f"={part}")
        except ValueError:
            plain.append(f"={part}")
    return "".join(plain)


def _live(session: Session, names: dict[int, str], at: int) -> Live:
    name = names.get(session.connection_id or 0, session.username)
    return Live(
        name,
        session.address,
        session.mac.upper(),
        str(session.pk),
        max(0, at - session.started),
        rate_of(session.answer),
        up_bytes=session.up_bytes,
        down_bytes=session.down_bytes,
        answer=session.answer if name == session.username else "",
    )
