"""What a RADIUS server answers for a service, and what tells one answer from another."""

from collections.abc import Mapping

CUT = "cut"
_FULL = "full "
_UNITS = ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k"))
_IDLE = ("0/0", "0/0", "0/0", "0/0", "8", "0/0")


def rate_limit(attrs: Mapping[str, str]) -> str:
    """Mikrotik-Rate-Limit (vendor 14988, attribute 8) of canonical speed attributes.

    `rx/tx burst threshold time priority guaranteed`, rx being the customer's upload; what comes
    last and says nothing is left out, and an unlimited plan is an empty text.
    """
    words = [
        _short(attrs.get("max", "")),
        _short(attrs.get("burst", "")),
        _short(attrs.get("threshold", "")),
        attrs.get("burst_time", "0/0"),
        attrs.get("priority", "8"),
        _short(attrs.get("guaranteed", "")),
    ]
    while words and words[-1] == _IDLE[len(words) - 1]:
        words.pop()
    return " ".join(words)


def answer_of(attrs: Mapping[str, str]) -> str:
    """Goes out as Class (RFC 2865, 5.25), and routers repeat it in every report of the session."""
    return CUT if attrs.get("enabled") == "no" else f"{_FULL}{attrs.get('rate', '')}".strip()


def rate_of(answer: str) -> str:
    """The speed in an answer; empty for a cut and for an unlimited plan."""
    return answer.removeprefix(_FULL) if answer.startswith(_FULL) else ""


def _short(pair: str) -> str:
    """`2000000/10000000` as `2M/10M`."""
    return "/".join(_spelled(int(bits)) for bits in (pair or "0/0").split("/"))


def _spelled(bits: int) -> str:
    for size, letter in _UNITS:
        if bits and bits % size == 0:
            return f"{bits // size}{letter}"
    return str(bits)
