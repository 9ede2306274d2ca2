"""What every driver of network access promises, tried on every driver there is."""

from contextlib import suppress
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caudal.core.access import Access, Kind, Speed, Technology, Verb, diff, wanted
from caudal.core.ports.access import AccessDriver, AccessError, AccessFault

PLANS = {
    "Plan 5M": Speed(1_000_000, 5_000_000),
    "Plan 10M": Speed(2_000_000, 10_000_000, 4_000_000, 20_000_000, 1_000_000, 8_000_000, 8),
    "Plan prioritario": Speed(3_000_000, 9_500_000, priority=3, guaranteed_down_bps=512_000),
    "Plan libre": Speed(),
}
ANA = Access(
    "1",
    Technology.PPPOE,
    "ana",
    PLANS["Plan 5M"],
    profile="Plan 5M",
    password="clave",
    address="10.20.0.1",
    local_address="10.20.0.254",
    label="Ana Ñuñez",
)
LUIS = replace(ANA, service_id="2", name="luis", address="", pool="", label="Luis")
EVA = Access("3", Technology.SIMPLE_QUEUE, "eva", PLANS["Plan 10M"], address="10.20.0.3")
IVO = replace(
    EVA, service_id="4", kind=Technology.STATIC, name="ivo", address="10.20.0.4",
    mac="AA:BB:CC:00:00:04", interface="lan",
)  # fmt: skip
RITA = replace(ANA, service_id="5", kind=Technology.RADIUS, name="rita", address="10.20.0.5")
HUGO = replace(ANA, service_id="6", kind=Technology.HOTSPOT, name="hugo", address="")
PAZ = replace(
    EVA, service_id="7", kind=Technology.PCQ, name="paz", profile="Plan 10M", address="10.20.0.7"
)
DORA = replace(
    EVA, service_id="8", kind=Technology.DHCP, name="dora", address="10.20.0.8",
    mac="AA:BB:CC:00:00:08", server="lan",
)  # fmt: skip
SIGN_IN = frozenset({Technology.PPPOE, Technology.RADIUS, Technology.HOTSPOT})
BOUND = frozenset({Technology.STATIC, Technology.DHCP})
BINDABLE = frozenset({Technology.SIMPLE_QUEUE, Technology.PCQ})
SERVED = frozenset({Technology.HOTSPOT, Technology.DHCP})
WITH_PREFIX = BOUND | BINDABLE | {Technology.PPPOE}
NETWORKS = {plan: f"10.20.{number}.0/24" for number, plan in enumerate(PLANS)}
examples = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def a_pass(driver: AccessDriver, services, **options):
    """One reconciliation: read, compare, apply."""
    plan = diff(wanted(services, owner="t"), driver.read(), **options)
    return plan, driver.apply(plan.ops)


def look(driver: AccessDriver, services):
    return diff(wanted(services, owner="t"), driver.read())


def strangers(box) -> None:
    """What a router configured by hand holds."""
    box.put(Kind.ACCOUNT, "Peña Ibáñez", {"password": "x"}, "Sra. Peña – llamar")
    box.put(Kind.ACCOUNT, "vieja\udcf1", {"password": "x"}, "cp1252 \udcf1")
    box.put(Kind.QUEUE, "gerencia", {"target": "10.9.9.1"}, "")
    box.put(Kind.BLOCK, "10.9.9.2", {}, "a mano")


@st.composite
def services(draw, box):
    numbers = draw(st.lists(st.integers(1, 7), unique=True, max_size=5))
    return [draw(service(box, number)) for number in numbers]


@st.composite
def service(draw, box, number):
    technology = draw(st.sampled_from(sorted(box.technologies)))
    plan = draw(st.sampled_from(sorted(PLANS)))
    signs_in = technology in SIGN_IN
    fixed = not signs_in or draw(st.booleans())
    bound = technology in BOUND or (technology in BINDABLE and draw(st.booleans()))
    prefixed = box.prefixes and technology in WITH_PREFIX and draw(st.booleans())
    return Access(
        str(number),
        technology,
        f"cliente{draw(st.sampled_from([number, number + 10]))}",
        PLANS[plan],
        profile=plan,
        password="clave" if signs_in else "",
        address=f"10.20.0.{number + draw(st.sampled_from([0, 100]))}" if fixed else "",
        mac=f"AA:BB:CC:00:00:{draw(st.sampled_from([number, number + 10])):02X}" if bound else "",
        suspended=draw(st.booleans()),
        label=draw(st.sampled_from(["", "Ana", "Añá"])),
        server=draw(st.sampled_from(["", "lan"])) if technology in SERVED else "",
        interface="lan" if bound else "",
        subnet=draw(st.sampled_from(["", NETWORKS[plan]])) if technology is Technology.PCQ else "",
        prefix=f"2001:db8:{number:x}::/{draw(st.sampled_from([56, 64]))}" if prefixed else "",
        duid=f"00030001{number:02x}",
    )


def two(data, new_box):
    """Two states of the same few customers."""
    drawn = services(new_box)
    return data.draw(drawn, label="before"), data.draw(drawn, label="after")


def everybody(box):
    """One customer of each way that the box serves."""
    people = (ANA, LUIS, EVA, IVO, RITA, HUGO, PAZ, DORA)
    return [access for access in people if access.kind in box.technologies]


def plug_all(box, services) -> None:
    for access in services:
        if access.kind is Technology.HOTSPOT:
            box.plug(access.name, access.password, way="hotspot")
        elif access.kind in SIGN_IN:
            box.plug(access.name, access.password)


@examples
@given(data=st.data())
def test_after_one_pass_nothing_is_left_to_do(new_box, data):
    before, after = two(data, new_box)
    box = new_box()
    driver = box.driver()
    a_pass(driver, before)
    plug_all(box, before)
    box.pass_time(30)
    plan, results = a_pass(driver, after)
    assert [result.detail for result in results if not result.ok] == []
    assert [result.op for result in results] == list(plan.ops)
    left = look(driver, after)
    assert (left.ops, left.findings) == ((), ())
    box.pass_time(30)
    assert look(driver, after).ops == ()


@examples
@given(data=st.data())
def test_applying_a_plan_twice_is_harmless(new_box, data):
    before, after = two(data, new_box)
    box = new_box()
    strangers(box)
    others = box.others()
    driver = box.driver()
    a_pass(driver, before)
    plan, _ = a_pass(driver, after)
    driver.apply(plan.ops)
    box.driver().apply(plan.ops)
    assert look(driver, after).ops == ()
    assert box.others() == others


@examples
@given(data=st.data())
def test_rows_of_other_people_survive_byte_for_byte(new_box, data):
    before, after = two(data, new_box)
    box = new_box()
    strangers(box)
    others = box.others()
    driver = box.driver()
    a_pass(driver, before)
    a_pass(driver, after)
    a_pass(driver, [])
    assert box.others() == others


@examples
@given(data=st.data())
def test_any_single_fault_converges_on_the_next_pass(new_box, data):
    before, after = two(data, new_box)
    box = new_box()
    strangers(box)
    others = box.others()
    driver = box.driver()
    a_pass(driver, before)
    plug_all(box, before)
    box.pass_time(30)
    box.go_wrong(data.draw(st.sampled_from(box.wrongs)), data.draw(st.integers(1, 20)))
    with suppress(AccessError):
        a_pass(driver, after)
    box.heal()
    box.pass_time(7)
    again = box.driver()
    _, results = a_pass(again, after)
    assert [result.detail for result in results if not result.ok] == []
    assert look(again, after).ops == ()
    assert box.others() == others


def test_a_reading_that_breaks_off_is_incomplete_and_yields_nothing(box):
    driver = box.driver()
    people = everybody(box)
    a_pass(driver, people)
    for wrong in box.wrongs:
        for nth in range(1, 12):
            box.go_wrong(wrong, nth)
            again = box.driver()
            try:
                found = again.read()
            except AccessError:
                continue
            finally:
                box.heal()
            plan = diff(wanted([], owner="t"), found)
            assert plan.ops == () if not found.complete else len(plan.ops) >= len(people)


def test_a_cut_lists_the_address_closes_the_session_and_lets_the_customer_come_back_to_it(
    dialling_box,
):
    box, driver = dialling_box, dialling_box.driver()
    a_pass(driver, [ANA, EVA])
    box.plug("ana", "clave")
    box.pass_time(30)
    assert box.sessions() == {"ana"}
    cut = [replace(ANA, suspended=True), replace(EVA, suspended=True)]
    plan, _ = a_pass(driver, cut)
    assert plan.cut == {"1", "3"}
    assert box.listed() == {"10.20.0.1", "10.20.0.3"}
    assert box.sessions() == set()
    box.pass_time(30)
    assert box.sessions() == {"ana"}
    assert look(driver, cut).ops == ()


def test_a_cut_of_an_address_lists_it_and_nobody_else(box):
    driver = box.driver()
    people = [access for access in everybody(box) if access.address]
    a_pass(driver, people)
    cut, *others = people
    plan, _ = a_pass(driver, [replace(cut, suspended=True), *others])
    assert plan.cut == {cut.service_id}
    assert box.listed() == {cut.address}


def test_a_cut_without_address_keeps_the_customer_out(dialling_box):
    box, driver = dialling_box, dialling_box.driver()
    a_pass(driver, [LUIS])
    box.plug("luis", "clave")
    assert box.sessions() == {"luis"}
    a_pass(driver, [replace(LUIS, suspended=True)])
    box.pass_time(30)
    assert box.sessions() == set()
    assert box.listed() == set()


def test_a_restore_is_complete(box):
    driver = box.driver()
    everyone = everybody(box)
    a_pass(driver, [replace(access, suspended=True) for access in everyone])
    plan, _ = a_pass(driver, everyone)
    assert plan.cut == frozenset()
    plug_all(box, everyone)
    assert box.listed() == set()
    assert look(driver, everyone).findings == ()


def test_a_restored_customer_signs_in_again(dialling_box):
    box, driver = dialling_box, dialling_box.driver()
    a_pass(driver, [replace(access, suspended=True) for access in (ANA, LUIS)])
    a_pass(driver, [ANA, LUIS])
    plug_all(box, [ANA, LUIS])
    assert box.sessions() == {"ana", "luis"}
    assert look(driver, [ANA, LUIS]).findings == ()


def test_a_change_of_plan_reaches_the_live_session(dialling_box):
    box, driver = dialling_box, dialling_box.driver()
    a_pass(driver, [ANA])
    box.plug("ana", "clave")
    box.pass_time(30)
    faster = replace(ANA, speed=PLANS["Plan 10M"], profile="Plan 10M")
    plan, _ = a_pass(driver, [faster])
    assert plan.ops[-2].verb is Verb.KICK
    box.pass_time(30)
    (session,) = driver.read().sessions
    assert session.speed == "2000000/10000000"
    assert look(driver, [faster]).ops == ()


def test_permission_is_needed_to_take_over_a_row(queueing_box):
    box = queueing_box
    box.put(Kind.QUEUE, "eva", {"target": "10.20.0.3", "max": "1M/1M"}, "")
    driver = box.driver()
    plan, _ = a_pass(driver, [EVA])
    assert [finding.services for finding in plan.conflicts] == [("3",)]
    _, results = a_pass(driver, [EVA], adopt={(Kind.QUEUE, "eva")})
    assert all(result.ok for result in results)
    assert look(driver, [EVA]).findings == ()


def test_permission_is_needed_to_take_over_a_user(dialling_box):
    box, driver = dialling_box, dialling_box.driver()
    box.put(Kind.ACCOUNT, "ana", {"password": "vieja", "address": "10.20.0.1"}, "a mano")
    plan, _ = a_pass(driver, [ANA])
    assert {finding.key for finding in plan.conflicts} == {"ana"}
    _, results = a_pass(driver, [ANA], adopt={(Kind.ACCOUNT, "ana")})
    assert all(result.ok for result in results)
    assert look(driver, [ANA]).findings == ()


def test_a_plan_made_on_rows_that_changed_since_writes_nothing_to_them(box):
    driver = box.driver()
    before = everybody(box)[0]
    a_pass(driver, [before])
    plan = look(driver, [])
    heir = replace(before, service_id="9", label="Otra", profile="Plan 10M")
    a_pass(driver, [heir])
    results = box.driver().apply(plan.ops)
    own = next(result for result in results if result.op.row.key == before.name)
    assert own.fault is AccessFault.CHANGED_MEANWHILE
    assert look(driver, [heir]).ops == ()


def test_who_is_reminded_stands_on_a_list_of_his_own_until_he_has_read_it(queueing_box):
    box = queueing_box
    driver = box.driver()
    a_pass(driver, [EVA])
    reminded = replace(EVA, reminded=True)
    plan, results = a_pass(driver, [reminded])
    assert [op.row.key for op in plan.ops] == ["10.20.0.3 avisos"]
    assert all(result.ok for result in results) and plan.cut == frozenset()
    assert look(driver, [reminded]).ops == ()
    a_pass(driver, [EVA])
    assert look(driver, [EVA]).ops == ()
    assert box.listed() == set()


def test_a_row_that_is_gone_cannot_be_set_but_counts_as_removed(queueing_box):
    box = queueing_box
    driver = box.driver()
    a_pass(driver, [EVA])
    change = look(driver, [replace(EVA, speed=PLANS["Plan 5M"])])
    removal = look(driver, [])
    a_pass(driver, [])
    (changed,) = box.driver().apply(change.ops)
    (removed,) = box.driver().apply(removal.ops)
    assert (changed.ok, changed.fault) == (False, AccessFault.GONE)
    assert (removed.ok, removed.changed) == (True, False)


def test_who_answers_is_known(box):
    device = box.driver().probe()
    assert device.serial
    assert device.version
    later = box.driver().read().device
    assert later.uptime_s >= device.uptime_s
    assert device == replace(later, facts=device.facts, uptime_s=device.uptime_s)


def test_many_rows_at_once(box):
    count, someone = 250, everybody(box)[0]
    everyone = [
        replace(
            someone, service_id=f"s{n}", name=f"u{n}", address=f"10.30.{n // 250}.{n % 250 + 1}"
        )
        for n in range(count)
    ]
    driver = box.driver()
    _, results = a_pass(driver, everyone)
    assert sum(result.ok for result in results) >= count
    assert look(driver, everyone).ops == ()
    cut = [replace(access, suspended=True) for access in everyone]
    a_pass(driver, cut)
    assert len(box.listed()) == count
    a_pass(driver, [])
    assert box.listed() == set()
    assert look(driver, []).ops == ()
