"""HotSpot: servers, users, who is inside, cookies and bindings."""

from caudal.practice.routeros import values as v
from caudal.practice.routeros.menus.menu import INTERFACE, NO, SAME_NAME, Field, Menu, Unique, empty
from caudal.practice.routeros.version import Version

SERVERS = Field(default="all", refs=("/ip/hotspot",), words=("all",))


def of(version: Version) -> tuple[Menu, ...]:
    return (
        Menu(
            "/ip/hotspot",
            {
                "name": Field(v.name),
                "interface": Field(refs=INTERFACE),
                "address-pool": Field(default="none", refs=("/ip/pool",), words=("none",)),
                "profile": Field(default="default", refs=("/ip/hotspot/profile",)),
                "idle-timeout": Field(v.time, "5m"),
                "keepalive-timeout": Field(v.time, "none"),
                "addresses-per-mac": Field(default="2"),
            },
            (SAME_NAME,),
            prefix="hotspot",
            needs=("interface",),
        ),
        Menu(
            "/ip/hotspot/profile",
            {
                "name": Field(v.name),
                "hotspot-address": Field(v.address, "0.0.0.0"),
                "dns-name": empty(),
                "html-directory": Field(default="hotspot"),
                "rate-limit": Field(v.rate_limit),
                "http-proxy": Field(default="0.0.0.0:0"),
                "smtp-server": Field(default="0.0.0.0"),
                "login-by": Field(default="cookie,http-chap"),
                "http-cookie-lifetime": Field(v.time, "3d"),
                "split-user-domain": NO,
                "use-radius": NO,
            },
            (SAME_NAME,),
            flags=(),
            prefix="hsprof",
        ),
        Menu(
            "/ip/hotspot/user",
            {
                "server": SERVERS,
                "name": Field(v.name),
                "password": Field(),
                "profile": Field(default="default", refs=("/ip/hotspot/user/profile",)),
                "address": Field(v.address),
                "mac-address": Field(v.mac),
                "limit-uptime": Field(v.time),
            },
            (
                Unique(
                    lambda row: (row.get("name"), row.get("server", "all")),
                    "failure: already have user with this name for this server",
                ),
            ),
            needs=("name",),
        ),
        Menu(
            "/ip/hotspot/user/profile",
            {
                "name": Field(v.name),
                "idle-timeout": Field(v.time, "none"),
                "keepalive-timeout": Field(v.time, "2m"),
                "status-autorefresh": Field(v.time, "1m"),
                "shared-users": Field(default="1"),
                "add-mac-cookie": Field(v.switch, "true"),
                "mac-cookie-timeout": Field(v.time, "3d"),
                "rate-limit": Field(v.rate_limit),
                "address-pool": Field(refs=("/ip/pool",), words=("none",)),
                "address-list": empty(),
                "transparent-proxy": NO,
            },
            (SAME_NAME,),
            flags=(),
            prefix="uprof",
        ),
        Menu("/ip/hotspot/active", flags=(), handle=""),
        Menu("/ip/hotspot/host", flags=(), handle=""),
        Menu("/ip/hotspot/cookie", flags=(), handle=""),
        Menu(
            "/ip/hotspot/ip-binding",
            {
                "mac-address": Field(v.mac),
                "address": Field(v.listed),
                "to-address": Field(v.address),
                "server": SERVERS,
                "type": Field(v.one_of("blocked", "bypassed", "regular"), "regular"),
            },
            handle="",
        ),
    )
