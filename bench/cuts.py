"""1,000 cuts on one practice router, 10 ms away, beside the fewest commands sent in one burst."""

from collections.abc import Iterator

from bench.pipeline import measure
from bench.report import Result

CUSTOMERS = 1_000
LATENCY_MS = 10
GOAL = 2.0


def run() -> Iterator[Result]:
    measured = measure(CUSTOMERS, LATENCY_MS)
    note = f"one connection; a re-run writes {measured.rerun_writes}"
    peer = "the same commands in one burst"
    what = f"{CUSTOMERS:,} cuts, {LATENCY_MS} ms away"
    yield Result(what, measured.apply_s, measured.minimum_s, peer, GOAL, note)
