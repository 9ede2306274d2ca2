"""What screens call the faults of probes."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from caudal.core.ports.probe import ProbeFault

FAULTS: Mapping[str, Promise] = {
    ProbeFault.NO_ANSWER: _("It does not answer."),
    ProbeFault.UNKNOWN_NAME: _("Its name is not known."),
    ProbeFault.REFUSED: _("It refuses to answer."),
    ProbeFault.NOT_PERMITTED: _(
        "This server may not send pings: its administrator must set net.ipv4.ping_group_range."
    ),
    ProbeFault.FAILED: _("It cannot be reached from this server."),
}


def explain_probe(fault: str) -> str:
    """The sentence of a stored fault; empty where there was none."""
    sentence = FAULTS.get(fault)
    return str(sentence) if sentence is not None else ""


STATES: Mapping[str, Promise] = {
    "unknown": _("not checked"),
    "up": _("in service"),
    "poor": _("slow or lossy"),
    "failing": _("does not answer"),
    "down": _("down"),
    "unreachable": _("unreachable"),
}


def state_words(state: str) -> str:
    """What `reads.state_of` found, in the reader's language."""
    sentence = STATES.get(state)
    return str(sentence) if sentence is not None else state
