"""Who is behind a row of a router that somebody configured by hand, and how sure that is."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from caudal.core.access import Access, Speed, Technology
from caudal.core.cells import read_offer
from caudal.core.ports.access import Candidate
from caudal.core.text import fold

_PHONE = re.compile(r"(?:\(\d{2,4}\) ?)?\+?\d[\d \-]{5,}\d")
_UNIT = r"(?:k|m|g|mb|mbps|megas?|kbps|gb)"
_NUMBER = r"\d+(?:[.,]\d+)?"
_RATE = re.compile(
    rf"(?:{_NUMBER}\s*{_UNIT}?\s*[/x]\s*)?{_NUMBER}\s*{_UNIT}(?![a-z])", re.IGNORECASE
)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_NOISE_WORDS = """
plan cliente clientes internet servicio casa sr sra ing lic don plus hogar mega megas mb mbps kbps
ip tel cel dia corte pago paga debe user usuario pppoe queue cola fibra residencial basico negocio
esquina calle barrio colonia manzana lote depto departamento red antes nuevo nueva
"""
_NOISE = frozenset(_NOISE_WORDS.split())
"""Words beside names."""
_PARTICLE_WORDS = "de la del los las y"
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
"""Words that belong to names, but make none."""
_INFRASTRUCTURE_WORDS = """
camara camaras cam torre nodo enlace backhaul ap sectorial servidor server gerencia oficina vpn
gestion management monitoreo prueba pruebas test demo admin dvr nvr switch router antena total
global wan lan todos resto default
"""
_INFRASTRUCTURE = frozenset(_INFRASTRUCTURE_WORDS.split())
_BY_PROFILE = frozenset({Technology.PPPOE, Technology.PCQ})
"""Ways whose plans are known on the router by a name that stays as it is."""
MEGABIT = 1_000_000
LIKELY, DOUBTFUL = 60, 40
"""From so many points on a row is taken for a customer; below the other it is left out at first."""
TOLERANCE = 0.15
"""Between the speed that a comment names and the one that the row has."""


class Reason(StrEnum):
    """What speaks for a row being a customer, or against it."""

    FULL_NAME = "full-name"
    NAME_FROM_KEY = "name-from-key"
    ONE_WORD = "one-word"
    NO_NAME = "no-name"
    INFRASTRUCTURE = "infrastructure"
    PHONE = "phone"
    SPEED_AGREES = "speed-agrees"
    SPEED_DIFFERS = "speed-differs"
    NO_SPEED = "no-speed"
    UNREAD_SPEED = "unread-speed"
    ONLINE = "online"
    OWN_ADDRESS = "own-address"
    WIDE_ADDRESS = "wide-address"
    NOT_AN_ADDRESS = "not-an-address"
    SHARED_ADDRESS = "shared-address"
    SHARED_NAME = "shared-name"
    DISABLED = "disabled"


POINTS: Mapping[Reason, int] = {
    Reason.FULL_NAME: 30,
    Reason.NAME_FROM_KEY: 15,
    Reason.ONE_WORD: 0,
    Reason.NO_NAME: -20,
    Reason.INFRASTRUCTURE: -50,
    Reason.PHONE: 10,
    Reason.SPEED_AGREES: 10,
    Reason.SPEED_DIFFERS: -10,
    Reason.NO_SPEED: -20,
    Reason.UNREAD_SPEED: 0,
    Reason.ONLINE: 10,
    Reason.OWN_ADDRESS: 5,
    Reason.WIDE_ADDRESS: -60,
    Reason.NOT_AN_ADDRESS: -50,
    Reason.SHARED_ADDRESS: -25,
    Reason.SHARED_NAME: -5,
    Reason.DISABLED: -15,
}
START = 45


@dataclass(frozen=True, slots=True)
class Read:
    """What a comment or a row's name says. `speed_kbps` is (down, up), zeros where it says none."""

    person: str = ""
    phone: str = ""
    speed_kbps: tuple[int, int] = (0, 0)
    is_infrastructure: bool = False

    @property
    def words(self) -> int:
        return len([word for word in self.person.split() if fold(word) not in _PARTICLES])


def read_text(text: str) -> Read:
    """`JUAN PEREZ 10M tel 5512345678` -> Juan Perez, 5512345678, 10 Mbps."""
    phone = _PHONE.search(text)
    rest = _PHONE.sub(" ", text)
    offer = read_offer(rest)
    words = _LETTERS.findall(_RATE.sub(" ", rest.replace("_", " ")))
    kept = [word for word in words if fold(word) not in _NOISE]
    kept = _trimmed(kept)
    return Read(
        " ".join(_cased(word) for word in kept),
        phone[0].strip() if phone else "",
        (offer.down_kbps, offer.up_kbps),
        any(fold(word) in _INFRASTRUCTURE for word in words),
    )


def _trimmed(words: list[str]) -> list[str]:
    """`de` and the like stand within names, not at their ends."""
    while words and fold(words[0]) in _PARTICLES:
        words = words[1:]
    while words and fold(words[-1]) in _PARTICLES:
        words = words[:-1]
    return words


def _cased(word: str) -> str:
    return word.lower() if fold(word) in _PARTICLES else word.capitalize()


@dataclass(frozen=True, slots=True)
class Guess:
    """A candidate, whom it may belong to, and how sure that is, from 0 to 100, with the reasons."""

    candidate: Candidate
    person: str
    phone: str
    confidence: int
    reasons: tuple[Reason, ...]

    @property
    def is_likely(self) -> bool:
        return self.confidence >= LIKELY


def guess(candidates: Iterable[Candidate]) -> list[Guess]:
    """In the order they came; what two rows share makes both less sure."""
    found = list(candidates)
    addresses = Counter(each.access.address for each in found if each.access.address)
    read = [(each, read_text(each.comment), read_text(each.access.name)) for each in found]
    names = Counter(fold(_best(comment, name)[0].person) for _, comment, name in read)
    shared_names = {name for name, times in names.items() if name and times > 1}
    shared = {address for address, times in addresses.items() if times > 1}
    return [_guess(each, pair, shared, shared_names) for each, *pair in read]


def _guess(
    candidate: Candidate, read: list[Read], shared: Collection[str], names: Collection[str]
) -> Guess:
    comment, name = read
    best, named = _best(comment, name)
    reasons = [
        named,
        *_of_text(candidate, comment, name),
        *_of_row(candidate, candidate.access.address in shared),
    ]
    if fold(best.person) in names:
        reasons.append(Reason.SHARED_NAME)
    points = START + sum(POINTS[reason] for reason in reasons)
    phone = comment.phone or name.phone
    return Guess(candidate, best.person, phone, max(0, min(points, 100)), tuple(reasons))


def _best(comment: Read, name: Read) -> tuple[Read, Reason]:
    """A comment with a name and a surname tells most, then a row called like that."""
    if comment.words > 1:
        return comment, Reason.FULL_NAME
    if name.words > 1:
        return name, Reason.NAME_FROM_KEY
    if comment.words or name.words:
        return (comment if comment.words else name), Reason.ONE_WORD
    return comment, Reason.NO_NAME


def _of_text(candidate: Candidate, comment: Read, name: Read) -> list[Reason]:
    reasons = []
    if comment.is_infrastructure or name.is_infrastructure:
        reasons.append(Reason.INFRASTRUCTURE)
    if comment.phone or name.phone:
        reasons.append(Reason.PHONE)
    said = comment.speed_kbps[0] or name.speed_kbps[0]
    down = candidate.access.speed.down_bps // 1000
    if not down:
        reasons.append(Reason.NO_SPEED)
    elif said:
        is_near = abs(said - down) <= TOLERANCE * down
        reasons.append(Reason.SPEED_AGREES if is_near else Reason.SPEED_DIFFERS)
    return reasons


def _of_row(candidate: Candidate, is_shared: bool) -> list[Reason]:
    found = [
        (Reason.ONLINE, candidate.online),
        (Reason.OWN_ADDRESS, bool(candidate.access.address) and not is_shared),
        (Reason.SHARED_ADDRESS, is_shared),
        (Reason.UNREAD_SPEED, "unread-speed" in candidate.doubts),
        (Reason.WIDE_ADDRESS, "wide-address" in candidate.doubts),
        (Reason.NOT_AN_ADDRESS, "not-an-address" in candidate.doubts),
        (Reason.DISABLED, "disabled" in candidate.doubts),
    ]
    return [reason for reason, there in found if there]


@dataclass(frozen=True, slots=True)
class PlanGuess:
    """A speed that rows of one technology share, the name most of them give it, and how many.

    `profile` is theirs on the router, empty where the technology or the row names none: with
    another one the first plan would write to every row.
    """

    technology: str
    speed: Speed
    name: str
    rows: int
    profile: str = ""

    @property
    def key(self) -> tuple[str, Speed, str]:
        return self.technology, self.speed, self.profile


def plan_key(access: Access) -> tuple[str, Speed, str]:
    """What rows of one plan have in common: technology, speed and the profile that they name."""
    keeps = access.kind in _BY_PROFILE and not _is_default(access.profile)
    return str(access.kind), access.speed, access.profile if keeps else ""


def propose_plans(guesses: Iterable[Guess]) -> list[PlanGuess]:
    """One plan for each technology, speed and profile in use, the most used first.

    Names are not repeated. Rows without a speed propose nothing.
    """
    groups: dict[tuple[str, Speed, str], list[Candidate]] = {}
    for each in guesses:
        access = each.candidate.access
        if access.speed.down_bps:
            groups.setdefault(plan_key(access), []).append(each.candidate)
    ordered = sorted(groups.items(), key=lambda pair: (-len(pair[1]), *map(str, pair[0])))
    taken: Counter[str] = Counter()
    found = []
    for (technology, speed, profile), rows in ordered:
        name = _plan_name(speed, rows)
        taken[fold(name)] += 1
        unique = name if taken[fold(name)] == 1 else f"{name} ({taken[fold(name)]})"
        found.append(PlanGuess(technology, speed, unique, len(rows), profile))
    return found


def _plan_name(speed: Speed, rows: list[Candidate]) -> str:
    """The profile's name where it has one of its own; the speed is said once."""
    profiles = Counter(row.access.profile for row in rows if not _is_default(row.access.profile))
    rate = f"{_short(speed.down_bps)}/{_short(speed.up_bps)}"
    if not profiles:
        return rate
    profile = profiles.most_common(1)[0][0]
    return profile if read_offer(profile).down_kbps else f"{profile} {rate}"


def _is_default(profile: str) -> bool:
    return not profile or profile.startswith("default")


def _short(bps: int) -> str:
    return f"{bps // MEGABIT}M" if bps % MEGABIT == 0 else f"{bps // 1000}k"
