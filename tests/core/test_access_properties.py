"""What holds for any services and any router."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from caudal.core.access import Access, Kind, Row, Session, Snapshot, Speed, Technology, diff, wanted
from caudal.integrations.access.memory import MemoryDriver, MemoryRouter

SPEEDS = {"A": Speed(1_000, 2_000), "B": Speed(5_000, 9_000, priority=2)}
few = settings(max_examples=60, deadline=None)


def access(number: int, kind: str, plan: str, name: int, host: int, cut: bool) -> Access:
    return Access(
        str(number),
        Technology(kind),
        f"n{name}",
        SPEEDS[plan],
        plan,
        "clave",
        f"10.0.0.{host}" if host else "",
        suspended=cut,
    )


services = st.lists(
    st.builds(
        access,
        st.integers(1, 6),
        st.sampled_from(["pppoe", "simple_queue"]),
        st.sampled_from("AB"),
        st.integers(1, 6),
        st.integers(0, 6),
        st.booleans(),
    ),
    unique_by=lambda a: a.service_id,
    max_size=6,
)
strangers = st.lists(
    st.builds(
        lambda kind, n, off: Row(
            kind,
            f"10.0.0.{n}" if kind is Kind.BLOCK else f"n{n}",
            ({"enabled": "no"} if off else {})
            | ({"target": f"10.0.0.{n}"} if kind is Kind.QUEUE else {}),
            "a mano",
        ),
        st.sampled_from([Kind.ACCOUNT, Kind.QUEUE, Kind.BLOCK]),
        st.integers(1, 6),
        st.booleans(),
    ),
    unique_by=lambda row: (row.kind, row.key),
    max_size=5,
)


def router_with(rows: list[Row], before: list[Access]) -> MemoryDriver:
    router = MemoryRouter()
    for row in rows:
        router.put(row)
    driver = MemoryDriver(router)
    driver.apply(diff(wanted(before), driver.read()).ops)
    for access in before:
        if access.kind is Technology.PPPOE:
            router.dial(access.name, address=access.address or "10.9.9.9", speed="1/1")
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
    foreign = [row for row in driver.router.rows.values() if row.comment == "a mano"]
    driver.apply(diff(wanted(after), driver.read()).ops)
    assert [row for row in driver.router.rows.values() if row.comment == "a mano"] == foreign


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
        keys = {(finding.kind, finding.key) for finding in plan.findings}
        assert (op.row.kind, op.row.key) in keys
