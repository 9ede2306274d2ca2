"""What a person may look up on a RouterOS device; every ability of core.ports.tools."""

from collections.abc import Iterator, Mapping, Sequence

from caudal.core.ports.tools import Hop, Lease, Neighbour, OnlineUser, Rate, Station, Vitals
from caudal.integrations.access.routeros import tools_export, tools_reading
from caudal.integrations.access.routeros.driver import RouterOsDriver
from caudal.integrations.access.routeros.wire import Reply, Sentence, command

MOST_HOPS = 24


class RouterOsToolbox(RouterOsDriver):
    """The driver with what people ask of it; nothing here changes the router's configuration."""

    def vitals(self) -> Vitals:
        return tools_reading.vitals(self._answers(tools_reading.VITALS))

    def neighbours(self) -> list[Neighbour]:
        return tools_reading.neighbours(self._rows(tools_reading.ARP))

    def leases(self) -> list[Lease]:
        return tools_reading.leases(self._rows(tools_reading.LEASES))

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
        replies = self._ask(tools_reading.flow_questions(name))
        self._all_needed({"queue": replies["queue"]}, {"queue"})
        return tools_reading.flow(replies["interface"], replies["queue"])

    def export(self) -> str:
        return tools_export.export(self._talk_or_raise)

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
    return any(int(row.get("received", "0") or 0) > 0 for row in reply.rows)
