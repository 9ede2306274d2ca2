"""What a person may look up on a RouterOS device; every ability of core.ports.tools."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing

from caudal.core.addressing import canonical
from caudal.core.ports.access import AccessError, AccessFault
from caudal.core.ports.tools import Hop, Lease, Neighbour, OnlineUser, Rate, Station, Vitals
from caudal.integrations.access.routeros import tools_export, tools_reading, values
from caudal.integrations.access.routeros.driver import RouterOsDriver
from caudal.integrations.access.routeros.wire import Reply, Sentence, Wire, command
from caudal.integrations.ssh import SshConnection

MOST_HOPS = 24


class RouterOsToolbox(RouterOsDriver):
    """The driver with what people ask of it; nothing here changes the router's configuration.

    `console` opens a connection over SSH, or gives None where the router has none.
    """

    seen_key = ""

    def __init__(
        self,
        connect: Callable[[], Wire],
        block_list: str,
        console: Callable[[], SshConnection | None] = lambda: None,
    ) -> None:
        super().__init__(connect, block_list)
        self._console = console
        self._watched: dict[str, str] = {}

    def vitals(self) -> Vitals:
        return tools_reading.vitals(self._answers(tools_reading.VITALS))

    def neighbours(self) -> list[Neighbour]:
        return tools_reading.neighbours(self._rows(tools_reading.ARP))

    def leases(self) -> list[Lease]:
        replies = self._answers(tools_reading.LEASES)
        return tools_reading.leases(replies["leases"].rows, replies["counts"].rows)

    def online_users(self) -> list[OnlineUser]:
        replies = self._answers(tools_reading.ONLINE)
        return tools_reading.online_users(
            replies["ppp"].rows, replies["counts"].rows, replies["hotspot"].rows
        )

    def stations(self) -> list[Station]:
        replies = self._ask(tools_reading.RADIOS)
        there = {path: each for path, each in replies.items() if not tools_reading.is_missing(each)}
        self._all_needed(there, there)
        return tools_reading.stations(row for each in there.values() for row in each.rows)

    def answering(self, addresses: list[str]) -> set[str]:
        asked: dict[str, Sentence] = {
            each: command("/ping", {"address": each, "count": "1"})
            for each in dict.fromkeys(addresses)
        }
        replies = self._ask(asked) if asked else {}
        self._all_needed(replies, replies)
        return {each for each, reply in replies.items() if _answered(reply)}

    def trace(self, address: str) -> Iterator[list[Hop]]:
        asked = {
            "address": address,
            "count": "1",
            "max-hops": str(MOST_HOPS),
            "timeout": "500ms",
            "use-dns": "no",
        }
        self._talk([])
        assert self._wire
        section, found = "", list[Mapping[str, str]]()
        for row in self._wire.follow(command("/tool/traceroute", asked)):
            if row.get(".section", "") != section:
                section, found = row.get(".section", ""), []
            found.append(row)
            yield [tools_reading.hop(number, each) for number, each in enumerate(found, 1)]

    def flow(self, name: str) -> Rate | None:
        if tools_reading.is_address(name):
            return self._flow_of_lease(canonical(name))
        replies = self._ask(tools_reading.flow_questions(name))
        self._all_needed({"queue": replies["queue"]}, {"queue"})
        return tools_reading.flow(replies["interface"], replies["queue"])

    def _flow_of_lease(self, address: str) -> Rate | None:
        """The queue is looked for once; it is another one after each new lease."""
        found = self._rate_of(self._watched.get(address, ""))
        if found is None:
            self._watched[address] = self._queue_of_lease(address)
            found = self._rate_of(self._watched[address])
        return found

    def _rate_of(self, ref: str) -> Rate | None:
        rows = self._rows(tools_reading.rate_of_queue(ref)) if ref else ()
        return tools_reading.rate(rows[0]) if rows else None

    def _queue_of_lease(self, address: str) -> str:
        found = (
            queue.get(".id", "")
            for queue in self._rows(tools_reading.lease_queues())
            if queue.get("name", "").startswith(tools_reading.LEASE_QUEUE)
            and tools_reading.queue_address(queue) == address
        )
        return next(found, "")

    def export(self) -> str:
        try:
            return tools_export.export(self._talk_or_raise)
        except AccessError as error:
            console = self._console() if error.fault is AccessFault.TOO_LONG else None
            if console is None:
                raise
        with closing(console):
            text = tools_export.over_ssh(console)
            self.seen_key = console.key
        return text

    def _answers(self, questions: Mapping[str, Sentence]) -> dict[str, Reply]:
        """Raises AccessError where one was not answered, menus apart that may be missing."""
        replies = self._ask(dict(questions))
        needed = [
            name
            for name, reply in replies.items()
            if not (name in tools_reading.OPTIONAL and tools_reading.is_missing(reply))
        ]
        self._all_needed(replies, needed)
        return replies

    def _rows(self, question: Sentence) -> Sequence[Mapping[str, str]]:
        return self._answers({"rows": question})["rows"].rows


def _answered(reply: Reply) -> bool:
    return any(values.count(row.get("received", "")) > 0 for row in reply.rows)
