"""A router that asks a RADIUS server, as far as drivers see one: real requests on a real socket."""

import socket
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pyrad.dictionary import Dictionary
from pyrad.packet import CoAACK, CoANAK, CoAPacket, CoARequest, DisconnectACK, DisconnectNAK

from caudal.core.access import Kind, Row, Session
from caudal.core.access.logins import answer_of
from caudal.core.ports.access import AccessError, AccessFault
from caudal.core.ports.radius import Target
from caudal.integrations.access import radius

SECRET = "practica"
DICTIONARY = Dictionary(str(Path(radius.__file__).with_name("dictionary")))


@dataclass
class Live:
    """A session on the router."""

    username: str
    session_id: str
    address: str = ""
    rate: str = ""


class Nas:
    """Answers Disconnect and CoA requests; `ended` is called as its accounting would tell.

    `mood` decides the next answers: obey, silent, refuse (NAK 401), lie (ACK, and nothing done),
    quiet (does it, but its last report is lost).
    """

    def __init__(
        self,
        ended: Callable[[Live], None] = lambda live: None,
        *,
        port: int = 0,
        secret: str = SECRET,
    ) -> None:
        self.live: dict[str, Live] = {}
        self.asked: list[dict[str, Any]] = []
        self.mood = "obey"
        self.silent_at = 0
        self.ended = ended
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._secret = secret.encode()
        self._socket.bind(("127.0.0.1", port))
        self._stop = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def close(self) -> None:
        self._stop = True
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self.port))
        self._thread.join(5)
        self._socket.close()

    def _run(self) -> None:
        while not self._stop:
            data, sender = self._socket.recvfrom(4096)
            if len(data) >= 20 and (reply := self._answer(data)):
                self._socket.sendto(reply, sender)

    def _answer(self, data: bytes) -> bytes | None:
        packet = CoAPacket(packet=data, secret=self._secret, dict=DICTIONARY)
        if not packet.VerifyCoARequest():
            return None
        self.asked.append({name: packet[name][0] for name in packet.keys()})  # noqa: SIM118
        if self.mood == "silent" or len(self.asked) == self.silent_at:
            return None
        changes = packet.code == CoARequest
        reply = packet.CreateReply()
        cause = self._obey(packet, changes)
        if cause:
            reply.code = CoANAK if changes else DisconnectNAK
            reply["Error-Cause"] = cause
        else:
            reply.code = CoAACK if changes else DisconnectACK
        return bytes(reply.ReplyPacket())

    def _obey(self, packet: Any, changes: bool) -> int:
        """The Error-Cause, 0 for an ACK."""
        found = self._session(packet)
        if self.mood == "refuse":
            return 401
        if found is None:
            return 503
        if self.mood == "lie":
            return 0
        if changes:
            found.rate = packet["Mikrotik-Rate-Limit"][0]
            return 0
        del self.live[found.session_id]
        if self.mood != "quiet":
            self.ended(found)
        return 0

    def _session(self, packet: Any) -> Live | None:
        found = self.live.get(packet["Acct-Session-Id"][0])
        fits = found and found.username == packet["User-Name"][0]
        if found and fits and "Framed-IP-Address" in packet:
            fits = found.address == packet["Framed-IP-Address"][0]
        return found if fits else None


class MemoryBook:
    """The tables of one router in memory. Set `fault` to be called before each call."""

    def __init__(self) -> None:
        self.logins: dict[str, Row] = {}
        self.open: dict[str, Session] = {}
        self.session_ids: dict[str, str] = {}
        self.fault: Callable[[], None] = lambda: None
        self._count = 0

    def put(self, row: Row) -> None:
        self._count += 1
        ref = row.ref or str(self._count)
        self.logins[ref] = replace(row, ref=ref)

    def begin(self, session: Session, session_id: str) -> None:
        self.open[session.ref] = session
        self.session_ids[session.ref] = session_id

    def heard_at(self) -> datetime | None:
        return None

    def rows(self) -> tuple[Row, ...]:
        self.fault()
        return tuple(self.logins.values())

    def sessions(self) -> tuple[Session, ...]:
        self.fault()
        return tuple(self.open.values())

    def write(self, row: Row, before: Row | None) -> bool:
        self.fault()
        held = self.logins.get(before.ref) if before else self._named(row.key)
        if before and held is None:
            raise AccessError(AccessFault.GONE)
        known = {row.comment, before.comment if before else row.comment}
        if held and held.comment not in known:
            raise AccessError(AccessFault.CHANGED_MEANWHILE)
        changed = held is None or replace(row, ref=held.ref) != held
        self.put(replace(row, ref=held.ref if held else ""))
        return changed

    def remove(self, row: Row) -> bool:
        self.fault()
        held = self.logins.get(row.ref)
        if held is None:
            return False
        if held.comment != row.comment:
            raise AccessError(AccessFault.CHANGED_MEANWHILE)
        del self.logins[row.ref]
        return True

    def targets(self, refs: Collection[str]) -> list[Target]:
        self.fault()
        found = [self.open[ref] for ref in refs if ref in self.open]
        return [Target(s.ref, s.name, self.session_ids[s.ref], s.address) for s in found]

    def carries(self, ref: str, answer: str) -> None:
        self.open[ref] = replace(self.open[ref], answer=answer)

    def ended(self, ref: str) -> None:
        self.open.pop(ref, None)

    def _named(self, name: str) -> Row | None:
        return next((row for row in self.logins.values() if row.key == name), None)


class Setup:
    """A router and its tables, and customers who dial in as their answer lets them."""

    def __init__(self) -> None:
        self.book = MemoryBook()
        self.nas = Nas(self._ended)
        self._count = 0

    def driver(self, timeout_s: float = 20, settle_s: float = 0.3) -> radius.RadiusDriver:
        wire = radius.Wire("127.0.0.1", self.nas.port, SECRET.encode(), timeout_s)
        return radius.RadiusDriver(self.book, wire, "torre", settle_s)

    def dial(self, name: str, password: str = "") -> str:
        """Where the password fits; the reference of the session, or an empty text."""
        rows = [r for r in self.book.logins.values() if (r.kind, r.key) == (Kind.LOGIN, name)]
        if not rows or rows[0].attrs.get("password", "") != password:
            return ""
        self._count += 1
        ref, attrs = str(self._count), rows[0].attrs
        address = attrs.get("address", "10.99.0.9")
        live = Live(name, f"%81{ref}", address, attrs.get("rate", ""))
        self.nas.live[live.session_id] = live
        session = Session(name, address, ref=ref, answer=answer_of(attrs))
        self.book.begin(session, live.session_id)
        return ref

    def close(self) -> None:
        self.nas.close()

    def _ended(self, live: Live) -> None:
        ids = self.book.session_ids
        self.book.ended(next(ref for ref, number in ids.items() if number == live.session_id))
