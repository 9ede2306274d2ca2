"""Passes over a box, as the worker does them."""

from caudal.core.access import Access, Diff, diff, wanted
from caudal.core.ports.access import AccessDriver


def a_whole_pass(driver: AccessDriver, *services: Access) -> Diff:
    """What it wrote: all of it was taken, and the next pass has nothing to write."""
    plan = diff(wanted(services), driver.read())
    results = driver.apply(plan.ops)
    assert [result.detail for result in results if not result.ok] == []
    assert diff(wanted(services), driver.read()).ops == ()
    return plan
