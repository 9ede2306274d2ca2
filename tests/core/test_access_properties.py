"""What holds for any services and any router."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.core.access import Access, Kind, Row, Session, Snapshot, Technology, diff, wanted
from caudal.core.ports.access import AccessError, AccessFault
from caudal.integrations.access.memory import MemoryDriver, MemoryRouter
from tests.core.access_services import BY_HAND, services, strangers

few = settings(max_examples=60, deadline=None)


def router_with(rows: list[Row], before: list[Access]) -> MemoryDriver:
    router = MemoryRouter()
    for row in rows:
        router.put(row)
    driver = MemoryDriver(router)
    driver.apply(diff(wanted(before), driver.read()).ops)
    for access in before:
        if access.kind is Technology.PPPOE:
            router.dial(access.name, address=access.address or "10.9.9.9", speed="1/1")
        elif access.kind is Technology.HOTSPOT:
            router.dial(access.name, address="10.9.9.8", kind=Kind.HOTSPOT_SESSION)
            router.put(Row(Kind.COOKIE, access.name))
    router.pass_time(100)
    return driver


@few
@given(services, services, strangers)
def test_a_plan_once_applied_leaves_nothing_to_do(before, after, others):
    driver = router_with(others, before)
    results = driver.apply(diff(wanted(after), driver.read()).ops)
    assert [result for result in results if not result.ok] == []
    assert diff(wanted(after), driver.read()).ops == ()


@few
@given(services, services, strangers)
def test_rows_of_others_stay_as_they_are(before, after, others):
    driver = router_with(others, before)
    foreign = [row for row in driver.router.rows.values() if row.comment == BY_HAND]
    driver.apply(diff(wanted(after), driver.read()).ops)
    assert [row for row in driver.router.rows.values() if row.comment == BY_HAND] == foreign


@few
@given(services, services, strangers, st.randoms())
def test_the_order_of_rows_and_services_changes_nothing(before, after, others, random):
    found = router_with(others, before).read()
    rows: list[Row] = list(found.rows)
    sessions: list[Session] = list(found.sessions)
    shuffled = list(after)
    for mixed in (rows, sessions, shuffled):
        random.shuffle(mixed)
    again = replace(found, rows=tuple(rows), sessions=tuple(sessions))
    assert diff(wanted(shuffled), again) == diff(wanted(after), found)


@few
@given(services, services)
def test_an_incomplete_reading_never_yields_an_operation(before, after):
    found = router_with([], before).read()
    assert diff(wanted(after), replace(found, complete=False)).ops == ()
    assert diff(wanted(after), Snapshot(False)).ops == ()


@few
@given(services, services, strangers)
def test_every_operation_is_explained_by_a_finding_of_its_service(before, after, others):
    plan = diff(wanted(after), router_with(others, before).read())
    for op in plan.ops:
        same = [finding for finding in plan.findings if finding.kind is op.row.kind]
        keys = {finding.key for finding in same}
        assert op.row.key in keys or any(op.service_id in finding.services for finding in same)


@few
@given(services, services, strangers, st.integers(1, 40))
def test_a_fault_at_any_command_is_made_good_by_the_next_pass(before, after, others, nth):
    driver = router_with(others, before)
    commands = iter(range(1, 10_000))

    def break_once(command: str) -> None:
        if next(commands) == nth:
            raise AccessError(AccessFault.CONNECTION_LOST)

    found = driver.read()
    driver.router.fault = break_once
    driver.apply(diff(wanted(after), found).ops)
    driver.router.fault = None
    results = driver.apply(diff(wanted(after), driver.read()).ops)
    assert [result for result in results if not result.ok] == []
    assert diff(wanted(after), driver.read()).ops == ()


@few
@given(services, services)
def test_nothing_of_a_service_stays_behind_when_it_is_given_in_another_way(before, after):
    driver = router_with([], before)
    driver.apply(diff(wanted(after), driver.read()).ops)
    want = wanted(after)
    left = {(row.kind, row.key) for row in driver.router.rows.values() if row.comment}
    held = {row.key for row in want.rows}
    refused = want.refused
    extra = [key for kind, key in left if key not in held]
    assert extra == [] or refused
