"""Whose position a placemark tells: a customer by code or name, or a site by name; or nobody's."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from caudal.apps.customers.models import Customer
from caudal.apps.maps.files.reading import Mark
from caudal.apps.maps.models import Placemark
from caudal.apps.network.models import Site
from caudal.core.positions import PLACES, Position
from caudal.core.text import fold

Key = tuple[str, int]
"""("customer" or "site", its row)."""
Outcome = Placemark.Outcome
_APART = re.compile(r"[\s\-–·:,;|/()]+")
CODE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Match:
    """A placemark and what it would do."""

    mark: Mark
    outcome: str
    customer: int | None = None
    site: int | None = None


class Directory:
    """Who may be meant: codes and names of the customers and sites that a person may move."""

    def __init__(self, customers: "QuerySet[Customer]", sites: "QuerySet[Site]") -> None:
        self.codes: dict[str, Key] = {}
        self.names: dict[str, set[Key]] = defaultdict(set)
        self.spots: dict[Key, Position | None] = {}
        columns = ("pk", "name", "latitude", "longitude")
        for code, pk, name, *spot in customers.values_list("code", *columns).order_by():
            self._add(("customer", pk), name, spot)
            self.codes[fold(code)] = "customer", pk
        for pk, name, *spot in sites.values_list(*columns).order_by():
            self._add(("site", pk), name, spot)

    def _add(self, key: Key, name: str, spot: list[object]) -> None:
        self.names[" ".join(fold(name).split())].add(key)
        latitude, longitude = spot
        known = latitude is not None and longitude is not None
        self.spots[key] = _position(latitude, longitude) if known else None

    def meant(self, mark: Mark) -> set[Key]:
        """By its code; else by its whole name; else by the code that the name begins with."""
        if mark.kind != "site" and (found := self._coded(mark.code)):
            return {found}
        name = " ".join(fold(mark.name).split())
        if named := self.names.get(name):
            same = {key for key in named if key[0] == "site"} if mark.kind == "site" else named
            return same or named
        # "000123 José Peña": as other maps name their pins. "12 de octubre" is no customer 12.
        words = _APART.split(name.strip()) if name else []
        found = self.codes.get(words[0]) if words else None
        return {found} if found and mark.kind != "site" else set()

    def _coded(self, code: str) -> Key | None:
        plain = fold(code)
        return self.codes.get(plain) or self.codes.get(plain.zfill(CODE_DIGITS)) if plain else None


def match(marks: Iterable[Mark], directory: Directory) -> list[Match]:
    """One match per mark, in their order; whoever is meant by two marks is moved by neither."""
    marks = list(marks)
    meant = [directory.meant(mark) for mark in marks]
    times: dict[Key, set[Position]] = defaultdict(set)
    for mark, keys in zip(marks, meant, strict=True):
        if len(keys) == 1:
            times[next(iter(keys))].add(mark.position)
    return [_one(mark, keys, times, directory) for mark, keys in zip(marks, meant, strict=True)]


def _one(
    mark: Mark, keys: set[Key], times: dict[Key, set[Position]], directory: Directory
) -> Match:
    if not keys:
        return Match(mark, Outcome.UNKNOWN)
    if len(keys) > 1:
        return Match(mark, Outcome.AMBIGUOUS)
    (key,) = keys
    kind, row = key
    outcome = Outcome.MOVES
    if len(times[key]) > 1:
        outcome = Outcome.TWICE
    elif directory.spots[key] == mark.position:
        outcome = Outcome.SAME
    customer = row if kind == "customer" else None
    return Match(mark, outcome, customer, row if kind == "site" else None)


def _position(latitude: object, longitude: object) -> Position:
    return Position(latitude.quantize(PLACES), longitude.quantize(PLACES))  # type: ignore[attr-defined]
