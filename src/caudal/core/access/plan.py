"""What a comparison says: operations to apply, findings to show."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from caudal.core.access.marks import parse_mark
from caudal.core.access.rows import UNREADABLE, Kind, Row

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
    STALE_SESSION = "stale-session"  # a live session that carries what is no longer true
    # conflicts: somebody else's row stands in the way; nothing is overwritten
    UNMARKED = "unmarked"  # an unmarked row holds our name
    ADDRESS_TAKEN = "address-taken"  # an unmarked row serves our address
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
    # the whole reading
    INCOMPLETE_READ = "incomplete-read"


CONFLICTS = frozenset({Code.UNMARKED, Code.ADDRESS_TAKEN, Code.FOREIGN_BLOCK})
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
    }
)

# Cuts and restorations come first: they must not wait for, or fail with, a change of plan.
# Sessions are kicked only when everything they would come back to is in place.
_STAGES = (
    (Kind.PROFILE, {Verb.ADD, Verb.SET}),
    (Kind.BLOCK, {Verb.REMOVE}),
    (Kind.BLOCK, {Verb.ADD, Verb.SET}),
    (Kind.ACCOUNT, {Verb.ADD, Verb.SET}),
    (Kind.QUEUE, {Verb.ADD, Verb.SET}),
    (Kind.SESSION, {Verb.KICK}),
    (Kind.QUEUE, {Verb.REMOVE}),
    (Kind.ACCOUNT, {Verb.REMOVE}),
    (Kind.PROFILE, {Verb.REMOVE}),
)


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
        return next(
            n
            for n, (kind, verbs) in enumerate(_STAGES)
            if kind == self.row.kind and self.verb in verbs
        )

    @property
    def needs_earlier(self) -> bool:
        """Must not run when an earlier operation of the same service failed."""
        return self.verb in (Verb.KICK, Verb.REMOVE) and self.row.kind != Kind.BLOCK

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
        """The same plan for some services only; profiles are added or set, never removed."""
        return replace(
            self,
            ops=tuple(
                op
                for op in self.ops
                if op.service_id in services
                or (op.row.kind is Kind.PROFILE and op.verb is not Verb.REMOVE)
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
    mark = parse_mark(row.comment)
    return mark.service_id if mark else ""
