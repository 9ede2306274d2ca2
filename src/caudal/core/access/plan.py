"""What a comparison says: operations to apply, findings to show."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from caudal.core.access.marks import SHARED, mark_of
from caudal.core.access.rows import BLOCKS, UNREADABLE, Kind, Row

Changes = Mapping[str, tuple[str, str]]
SECRET_ATTRS = frozenset({"password"})
HIDDEN = "••••"


class Verb(StrEnum):
    ADD = "add"
    SET = "set"
    REMOVE = "remove"
    KICK = "kick"


class Effect(StrEnum):
    """What an operation does to the customer's connection."""

    NONE = "none"
    CUT = "cut"
    RESTORE = "restore"


class Code(StrEnum):
    """Why a row is not as wanted. Stored in the database and translated on screens."""

    MISSING = "missing"  # wanted, not found
    CHANGED = "changed"  # found with other attributes
    RENAMED = "renamed"  # ours, under another name
    RELABELLED = "relabelled"  # only the label differs
    ADOPTED = "adopted"  # somebody else's row, taken over with permission
    EXTRA = "extra"  # ours, no longer wanted
    MOVING = "moving"  # ours, kept until another router is proved to serve the customer
    STALE_SESSION = "stale-session"  # a live session that carries what is no longer true
    # conflicts: somebody else's row stands in the way; nothing is overwritten
    UNMARKED = "unmarked"  # an unmarked row holds our name
    ADDRESS_TAKEN = "address-taken"  # an unmarked row serves our address, alone or as well
    MAC_TAKEN = "mac-taken"  # an unmarked lease is for the same device
    OVERRIDDEN = "overridden"  # a packet mark of somebody else replaces ours
    FOREIGN_BLOCK = "foreign-block"  # an unmarked entry blocks a customer who should browse
    # refusals: what is wanted is not fit to be written
    EMPTY_NAME = "empty-name"
    EMPTY_PASSWORD = "empty-password"
    EMPTY_PROFILE = "empty-profile"
    EMPTY_ADDRESS = "empty-address"
    BAD_ADDRESS = "bad-address"
    WIDE_NETWORK = "wide-network"
    OWN_ADDRESS = "own-address"
    DUPLICATE_NAME = "duplicate-name"
    DUPLICATE_ADDRESS = "duplicate-address"
    PROFILE_MISMATCH = "profile-mismatch"  # one profile name, two speeds
    EMPTY_MAC = "empty-mac"
    EMPTY_INTERFACE = "empty-interface"
    EMPTY_DUID = "empty-duid"
    DUPLICATE_MAC = "duplicate-mac"
    SUBNET_SHARED = "subnet-shared"  # two plans in one network that PCQ gives one queue
    NOT_SERVED = "not-served"  # this kind of router does not give the technology
    NO_IPV6 = "no-ipv6"  # this technology has no IPv6 on this kind of router
    # the whole reading
    INCOMPLETE_READ = "incomplete-read"


CONFLICTS = frozenset(
    {
        Code.UNMARKED,
        Code.ADDRESS_TAKEN,
        Code.MAC_TAKEN,
        Code.OVERRIDDEN,
        Code.FOREIGN_BLOCK,
    }
)
REFUSALS = frozenset(
    {
        Code.EMPTY_NAME,
        Code.EMPTY_PASSWORD,
        Code.EMPTY_PROFILE,
        Code.EMPTY_ADDRESS,
        Code.BAD_ADDRESS,
        Code.WIDE_NETWORK,
        Code.OWN_ADDRESS,
        Code.DUPLICATE_NAME,
        Code.DUPLICATE_ADDRESS,
        Code.PROFILE_MISMATCH,
        Code.EMPTY_MAC,
        Code.EMPTY_INTERFACE,
        Code.EMPTY_DUID,
        Code.DUPLICATE_MAC,
        Code.SUBNET_SHARED,
        Code.NO_IPV6,
        Code.NOT_SERVED,
    }
)

# Cuts and restorations come first: they must not wait for, or fail with, a change of plan.
# Sessions are kicked only when everything they would come back to is in place.
_WRITE = (Verb.ADD, Verb.SET)
_ORDER: tuple[tuple[Kind, tuple[Verb, ...]], ...] = (
    (Kind.PROFILE, _WRITE),
    (Kind.HOTSPOT_PROFILE, _WRITE),
    (Kind.QUEUE_TYPE, _WRITE),
    (Kind.MARKING, _WRITE),
    (Kind.MARKING6, _WRITE),
    (Kind.TREE, _WRITE),
    (Kind.BLOCK, (Verb.REMOVE,)),
    (Kind.BLOCK6, (Verb.REMOVE,)),
    (Kind.BLOCK, _WRITE),
    (Kind.BLOCK6, _WRITE),
    (Kind.ACCOUNT, _WRITE),
    (Kind.HOTSPOT_USER, _WRITE),
    (Kind.LOGIN, _WRITE),
    # Address and device of a lease are unique on a router: who leaves makes room first.
    (Kind.LEASE, (Verb.REMOVE,)),
    (Kind.LEASE, _WRITE),
    (Kind.BINDING6, _WRITE),
    (Kind.ARP, _WRITE),
    (Kind.QUEUE, _WRITE),
    (Kind.MEMBER, _WRITE),
    (Kind.MEMBER6, _WRITE),
    # A cookie would open the session again that is closed right after it.
    (Kind.COOKIE, (Verb.KICK,)),
    (Kind.SESSION, (Verb.KICK,)),
    (Kind.HOTSPOT_SESSION, (Verb.KICK,)),
    (Kind.MEMBER, (Verb.REMOVE,)),
    (Kind.MEMBER6, (Verb.REMOVE,)),
    (Kind.QUEUE, (Verb.REMOVE,)),
    (Kind.ARP, (Verb.REMOVE,)),
    (Kind.BINDING6, (Verb.REMOVE,)),
    (Kind.ACCOUNT, (Verb.REMOVE,)),
    (Kind.HOTSPOT_USER, (Verb.REMOVE,)),
    (Kind.LOGIN, (Verb.REMOVE,)),
    (Kind.TREE, (Verb.REMOVE,)),
    (Kind.MARKING, (Verb.REMOVE,)),
    (Kind.MARKING6, (Verb.REMOVE,)),
    (Kind.QUEUE_TYPE, (Verb.REMOVE,)),
    (Kind.HOTSPOT_PROFILE, (Verb.REMOVE,)),
    (Kind.PROFILE, (Verb.REMOVE,)),
)
# What lifts a cut, or only makes room, is done whatever went wrong before.
_BY_THEMSELVES = BLOCKS | {Kind.LEASE}
_STAGES = {(kind, verb): n for n, (kind, verbs) in enumerate(_ORDER) for verb in verbs}


@dataclass(frozen=True, slots=True)
class Op:
    """One change on a router. `row` is the row as it should become (for remove and kick: as found).

    `before` is the row found, None for an addition. `service_id` is `plan` on shared rows.
    """

    verb: Verb
    row: Row
    before: Row | None
    service_id: str
    why: Code
    effect: Effect = Effect.NONE
    reason: str = ""

    @property
    def stage(self) -> int:
        return _STAGES[self.row.kind, self.verb]

    @property
    def needs_earlier(self) -> bool:
        """Must not run when an earlier operation of the same service failed."""
        return self.verb in (Verb.KICK, Verb.REMOVE) and self.row.kind not in _BY_THEMSELVES

    @property
    def changes(self) -> dict[str, tuple[str, str]]:
        """Before and after per attribute, secrets hidden; fit for a screen and the journal."""
        after = None if self.verb in (Verb.REMOVE, Verb.KICK) else self.row
        return {
            name: (HIDDEN, HIDDEN) if name in SECRET_ATTRS else change
            for name, change in row_changes(self.before, after).items()
        }

    def sort_key(self) -> tuple[int, str, str, str]:
        return (self.stage, self.row.key, self.row.ref, self.service_id)


@dataclass(frozen=True, slots=True)
class Finding:
    """One explained difference. `services` is everybody it touches."""

    code: Code
    services: tuple[str, ...] = ()
    kind: Kind | None = None
    key: str = ""
    changes: Changes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Diff:
    """The result of a comparison; the same input always gives the same plan.

    `unknown` are rows of others: shown, never touched. `active` are services found working.
    """

    ops: tuple[Op, ...] = ()
    findings: tuple[Finding, ...] = ()
    unknown: tuple[Row, ...] = ()
    active: frozenset[str] = frozenset()

    @property
    def cut(self) -> frozenset[str]:
        """Services that work now and would lose their connection."""
        cutting = {op.service_id for op in self.ops if op.effect is Effect.CUT}
        return frozenset(cutting & self.active)

    @property
    def conflicts(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.code in CONFLICTS)

    @property
    def refusals(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.code in REFUSALS)

    @property
    def out_of_sync(self) -> frozenset[str]:
        """Services that are not, or not provably, as wanted."""
        return frozenset(service for f in self.findings for service in f.services)

    def of(self, service_id: str) -> tuple[Finding, ...]:
        """Everything to tell about one service."""
        return tuple(f for f in self.findings if service_id in f.services)

    def without(self, services: Collection[str]) -> "Diff":
        """The same plan minus the operations of some services; shared rows are still prepared."""
        return replace(self, ops=tuple(op for op in self.ops if op.service_id not in services))

    def only(self, services: Collection[str]) -> "Diff":
        """The same plan for some services only; what plans need is written, never removed."""
        return replace(
            self,
            ops=tuple(
                op
                for op in self.ops
                if op.service_id in services
                or (op.service_id == SHARED and op.verb is not Verb.REMOVE)
            ),
        )


def row_changes(before: Row | None, after: Row | None) -> dict[str, tuple[str, str]]:
    """Attributes that differ, with the name as `key` and the comment as `comment`.

    What the router hides from us is taken as being right: writing it at every pass would not
    make it any more certain.
    """
    old, new = _flat(before), _flat(after)
    names = sorted(old.keys() | new.keys())
    return {
        name: (old.get(name, ""), new.get(name, ""))
        for name in names
        if old.get(name, "") not in (new.get(name, ""), UNREADABLE)
    }


def _flat(row: Row | None) -> dict[str, str]:
    return {} if row is None else {**row.attrs, "key": row.key, "comment": row.comment}


def service_of(row: Row) -> str:
    """The service a row's mark names, or an empty text."""
    mark = mark_of(row)
    return mark.service_id if mark else ""
