"""The queues under which queues stood when they were taken over: there they stay."""

from collections.abc import Iterable, Mapping

from caudal.apps.network.models import Connection
from caudal.core.access import Code, Kind, Op


def note_parents(ops: Iterable[Op], connections: Mapping[str, int]) -> None:
    """Before anything is written: once a row is marked, nothing else tells that it was adopted.

    `connections` by service id.
    """
    for op in ops:
        parent = op.row.attrs.get("parent", "")
        if op.why is Code.ADOPTED and op.row.kind is Kind.QUEUE and parent:
            mine = Connection.objects.filter(pk=connections[op.service_id])
            mine.update(queue_parent=parent[:80])
