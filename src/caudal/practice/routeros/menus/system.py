"""What is known of the box itself, its users, services, log and files."""

from collections.abc import Iterator

from caudal.practice.routeros import values as v
from caudal.practice.routeros.menus.menu import SAME_NAME, Field, Menu
from caudal.practice.routeros.version import Version

_ALONE = (
    "/system/clock",
    "/system/identity",
    "/system/license",
    "/system/package/update",
    "/system/resource",
    "/system/routerboard",
)


def of(version: Version) -> Iterator[Menu]:
    yield Menu(
        "/user",
        {"name": Field(v.name), "group": Field(refs=("/user/group",))},
        (SAME_NAME,),
        needs=("name", "group"),
    )
    yield Menu("/user/group", {"name": Field(v.name)}, (SAME_NAME,), flags=())
    yield Menu("/user/active", flags=(), handle="")
    yield Menu("/log", flags=(), handle="")
    yield Menu("/file", {"name": Field(v.name)}, flags=())
    yield Menu("/system/package", flags=())
    yield Menu("/system/health", singleton=not version.is_from("7"), flags=())
    yield Menu("/ip/neighbor", flags=(), handle="")
    yield Menu("/ipv6/neighbor", flags=(), handle="")
    if version.is_from("7.18"):
        yield Menu("/safe-mode", singleton=True, flags=())
    for path in _ALONE:
        yield Menu(path, singleton=True, flags=())
