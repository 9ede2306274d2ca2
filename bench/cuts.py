"""1,000 cuts on one practice router, beside the fewest commands sent in one burst."""

from collections.abc import Iterator

from bench.pipeline import measure
from bench.report import Result

CUSTOMERS = 1_000
ROUTERS = ((10, 0), (30, 1))
"""(ms of a round trip, ms of the router's work for each command)."""
GOAL = 2.0


def run() -> Iterator[Result]:
    for latency_ms, cpu_ms in ROUTERS:
        measured = measure(CUSTOMERS, latency_ms, cpu_ms)
        note = f"one connection; a re-run writes {measured.rerun_writes}"
        peer = "the same commands in one burst"
        what = f"{CUSTOMERS:,} cuts, {latency_ms} ms away, {cpu_ms} ms a command"
        yield Result(what, measured.apply_s, measured.minimum_s, peer, GOAL, note)
