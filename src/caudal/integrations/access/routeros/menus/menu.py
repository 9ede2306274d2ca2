"""One kind of rows on a RouterOS device: where it stands and how its words are read and written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from caudal.core.access import Row
from caudal.core.addressing import AddressError, canonical

Vendor = Mapping[str, str]


def by_name(row: Vendor) -> str:
    return row.get("name", "")


def with_name(key: str, block_list: str) -> list[str]:
    return [f"?name={key}"]


def everything(block_list: str) -> list[str]:
    return []


def the_rest_of(row: Vendor) -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Menu:
    """`attrs` and `values` translate a printed row and a neutral one; an empty value stands for
    unset. `where` are the query words that leave only rows of interest, `find` those of one key.

    `unset` are words that only the verb of that name can empty; everything else takes an empty
    value, or what `empty` says. `defaults` are written where a value is managed no longer.

    `conditions` are words that we never write and that leave a row good for some only, or at some
    times: found on a row they are told by their own names, so that they are put right. With one
    of `renewing` a row of ours cannot stay: it is removed and added anew.
    """

    path: str
    properties: str
    attrs: Callable[[Vendor], dict[str, str]] = the_rest_of
    values: Callable[[Row], dict[str, str]] = lambda row: {}
    key: Callable[[Vendor], str] = by_name
    where: Callable[[str], list[str]] = everything
    find: Callable[[str, str], list[str]] = with_name
    unset: frozenset[str] = frozenset()
    empty: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    conditions: frozenset[str] = frozenset()
    renewing: frozenset[str] = frozenset()
    switched: bool = True
    commented: bool = True
    keeps_dynamic: bool = False
    repeats: bool = False
    """The router takes the same row twice: look before adding."""


def only_static(block_list: str) -> list[str]:
    return ["?dynamic=false"]


def plain_address(text: str) -> str:
    """Ranges, names and interfaces stay as the router prints them."""
    try:
        return canonical(text)
    except AddressError:
        return text


def by_address(row: Vendor) -> str:
    return plain_address(row.get("address", ""))


def with_address(key: str, block_list: str) -> list[str]:
    return [f"?address={key}"]


def or_all(server: str) -> str:
    """The word for any server."""
    return server or "all"


def but_all(text: str) -> str:
    return "" if text == "all" else text
