"""Notes and coins in use, by currency: what a drawer is counted in."""

from decimal import Decimal

_KNOWN = {
    "MXN": "1000 500 200 100 50 20 10 5 2 1 0.50",
    "ARS": "20000 10000 2000 1000 500 200 100 50 20 10",
    "PEN": "200 100 50 20 10 5 2 1 0.50 0.20 0.10",
    "CLP": "20000 10000 5000 2000 1000 500 100 50 10",
    "COP": "100000 50000 20000 10000 5000 2000 1000 500 200 100 50",
    "PYG": "100000 50000 20000 10000 5000 2000 1000 500 100 50",
    "USD": "100 50 20 10 5 1 0.25 0.10 0.05 0.01",
    "EUR": "200 100 50 20 10 5 2 1 0.50 0.20 0.10 0.05 0.02 0.01",
}


def denominations(currency: str) -> list[str]:
    """Face values as people write them, the largest first; none for a currency we do not know."""
    return _KNOWN.get(currency, "").split()


def worth(counted: dict[str, int]) -> Decimal:
    """What so many of each are together."""
    return sum((Decimal(face) * number for face, number in counted.items()), Decimal(0))
