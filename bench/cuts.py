"""1,000 cuts on one practice router, 10 ms away, beside the fewest commands sent in one burst."""

from collections.abc import Iterator

from bench.report import Result

CUSTOMERS = 1_000
LATENCY_MS = 10
GOAL = 2.0


def run() -> Iterator[Result]:
    raise NotImplementedError
