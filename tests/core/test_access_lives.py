"""Two routers and customers who are cut, restored, moved, renamed and readdressed, with faults at
any command: nobody loses his service without being cut, and who is cut or gone has none."""

from dataclasses import dataclass, replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from caudal.core.access import Access, Kind, Speed, Technology, address_of, diff, wanted
from caudal.core.access.plan import service_of
from caudal.core.access.rows import BLOCKS
from caudal.core.ports.access import AccessError, AccessFault
from caudal.integrations.access.memory import MemoryDriver, MemoryRouter

NAMES = ("norte", "sur")
WAYS = (
    Technology.PPPOE,
    Technology.SIMPLE_QUEUE,
    Technology.PCQ,
    Technology.HOTSPOT,
    Technology.DHCP,
    Technology.STATIC,
)
SPEEDS = {"A": Speed(1_000_000, 5_000_000), "B": Speed(4_000_000, 20_000_000, priority=3)}
SERVING = {Kind.ACCOUNT, Kind.HOTSPOT_USER, Kind.QUEUE, Kind.LEASE}
IDS = ("1", "2", "3", "4")


def given(service: str, way: Technology, plan: str, host: int) -> Access:
    number = int(service)
    return Access(
        service,
        way,
        f"cliente{number}-{host}",
        SPEEDS[plan],
        f"{plan} {way}",
        "clave" if way in (Technology.PPPOE, Technology.HOTSPOT) else "",
        f"10.0.{number}.{host}",
        mac=f"02:00:00:00:0{number}:{host:02X}"
        if way in (Technology.DHCP, Technology.STATIC)
        else "",
        interface="ether2",
    )


@dataclass
class Held:
    """One service: where it belongs, how it is to be, and which state of it was verified.

    `has_worked`: it was seen to work and was not cut since.
    """

    access: Access
    router: str
    revision: int = 1
    verified: int = 0
    has_worked: bool = False

    @property
    def is_proved(self) -> bool:
        return self.verified == self.revision


def works(router: MemoryRouter, service: str) -> bool:
    """Can this customer browse through this router?"""
    rows = [row for row in router.rows.values() if row.enabled]
    blocked = {row.key for row in rows if row.kind in BLOCKS}
    mine = [row for row in rows if service_of(row) == service]
    serving = [
        row
        for row in mine
        if row.kind in SERVING or (row.kind is Kind.MEMBER and not row.key.endswith("avisos"))
    ]
    return any(address_of(row) not in blocked for row in serving)


class Lives(RuleBasedStateMachine):
    """Passes as the network room makes them, without its tables."""

    @initialize(ways=st.tuples(*(st.sampled_from(WAYS) for _ in IDS)))
    def begin(self, ways: tuple[Technology, ...]) -> None:
        self.routers = {name: MemoryRouter() for name in NAMES}
        self.was_faulty = False
        self.held = {
            service: Held(given(service, way, "A", 1), NAMES[int(service) % 2])
            for service, way in zip(IDS, ways, strict=True)
        }
        for name in NAMES:
            self._pass(name)

    # -- what people do

    @rule(service=st.sampled_from(IDS), way=st.sampled_from(WAYS), on=st.sampled_from(NAMES),
          plan=st.sampled_from("AB"), host=st.integers(1, 9))  # fmt: skip
    def connect(self, service: str, way: Technology, on: str, plan: str, host: int) -> None:
        if service not in self.held:
            self.held[service] = Held(given(service, way, plan, host), on)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def cut_or_restore(self, data: st.DataObject) -> None:
        held = self._one(data)
        self._change(held, suspended=not held.access.suspended)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def move(self, data: st.DataObject) -> None:
        held = self._one(data)
        held.router = NAMES[1 - NAMES.index(held.router)]
        self._change(held)

    @precondition(lambda self: self.held)
    @rule(data=st.data(), host=st.integers(1, 9), plan=st.sampled_from("AB"))
    def readdress_or_change_plan(self, data: st.DataObject, host: int, plan: str) -> None:
        held = self._one(data)
        old = held.access
        new = given(old.service_id, old.kind, plan, host)
        self._change(held, **{name: getattr(new, name) for name in
                              ("name", "speed", "profile", "address", "mac")})  # fmt: skip

    @precondition(lambda self: self.held)
    @rule(data=st.data(), way=st.sampled_from(WAYS))
    def change_way(self, data: st.DataObject, way: Technology) -> None:
        held = self._one(data)
        host = int(held.access.address.rpartition(".")[2])
        plan = held.access.profile[0]
        held.access = replace(
            given(held.access.service_id, way, plan, host), suspended=held.access.suspended
        )
        self._change(held)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def remind(self, data: st.DataObject) -> None:
        held = self._one(data)
        self._change(held, reminded=not held.access.reminded)

    @precondition(lambda self: self.held)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        held = self._one(data)
        del self.held[held.access.service_id]

    # -- what happens to routers

    @rule(name=st.sampled_from(NAMES))
    def a_pass(self, name: str) -> None:
        self.was_faulty = False
        self._pass(name)

    @rule(name=st.sampled_from(NAMES), at=st.integers(2, 12))
    def a_pass_that_breaks(self, name: str, at: int) -> None:
        left = [at]

        def fault(command: str) -> None:
            left[0] -= 1
            if left[0] <= 0 and command != "probe":
                raise AccessError(AccessFault.CONNECTION_LOST)

        self.was_faulty = True
        self.routers[name].fault = fault
        try:
            self._pass(name)
        except AccessError:
            pass
        finally:
            self.routers[name].fault = None

    @rule(name=st.sampled_from(NAMES), data=st.data())
    def somebody_deletes_a_row(self, name: str, data: st.DataObject) -> None:
        rows = self.routers[name].rows
        if rows:
            gone = rows.pop(data.draw(st.sampled_from(sorted(rows, key=int))))
            for held in self.held.values():
                if held.access.service_id == service_of(gone) or not service_of(gone).isdigit():
                    held.has_worked = False

    # -- what must hold

    @invariant()
    def who_browses_and_was_not_cut_goes_on(self) -> None:
        """Also between the two routers of a move. A pass that broke off may have stopped in the
        middle of an exchange; the next one ends it."""
        if self.was_faulty:
            return
        for service, held in self.held.items():
            if held.has_worked:
                assert any(works(each, service) for each in self.routers.values()), service

    def teardown(self) -> None:
        """Two rounds without faults, and everything is exactly as it should be."""
        if not hasattr(self, "held"):
            return
        for name in (*NAMES, *NAMES, *NAMES):
            self._pass(name)
        for name, router in self.routers.items():
            plan, _ = self._plan(name)
            assert plan.ops == () and plan.findings == ()
            for service in IDS:
                held = self.held.get(service)
                should = bool(held and held.router == name and not held.access.suspended)
                assert works(router, service) is should, (name, service)

    # -- one pass, as the network room makes it

    def _pass(self, name: str) -> None:
        revisions = {service: held.revision for service, held in self.held.items()}
        plan, driver = self._plan(name)
        driver.apply(plan.ops)
        left, _ = self._plan(name)
        for service, held in self.held.items():
            if held.router == name and not left.of(service) and not held.is_proved:
                held.verified = revisions[service]
            if held.router == name and held.is_proved:
                held.has_worked = not held.access.suspended

    def _plan(self, name: str):
        driver = MemoryDriver(self.routers[name])
        here = [held.access for held in self.held.values() if held.router == name]
        away = {s: held for s, held in self.held.items() if held.router != name}
        moved = {s for s, held in away.items() if held.is_proved}
        moving = {s for s, held in away.items() if not held.access.suspended} - moved
        return diff(wanted(here), driver.read(), moving=moving, moved=moved), driver

    def _one(self, data: st.DataObject) -> Held:
        return self.held[data.draw(st.sampled_from(sorted(self.held)))]

    def _change(self, held: Held, **changes: object) -> None:
        held.access = replace(held.access, **changes)  # type: ignore[arg-type]
        held.revision += 1
        if held.access.suspended:
            held.has_worked = False


Lives.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestLives = Lives.TestCase
