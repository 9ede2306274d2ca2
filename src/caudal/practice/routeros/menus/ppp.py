"""PPP secrets and profiles, and what RADIUS does to them."""

from caudal.practice.routeros import values as v
from caudal.practice.routeros.menus.menu import INTERFACE, NO, Field, Menu, Unique, by, empty
from caudal.practice.routeros.version import Version

PROFILES = ("/ppp/profile",)
POOL_OR_ADDRESS = Field(v.address, refs=("/ip/pool",))
USUAL = Field(default="default")
SERVICES = ("any", "async", "l2tp", "ovpn", "pppoe", "pptp", "sstp")


def of(version: Version) -> tuple[Menu, ...]:
    return (
        Menu(
            "/ppp/secret",
            {
                "name": Field(v.name),
                "service": Field(v.one_of(*SERVICES), "any"),
                "caller-id": empty(),
                "password": empty(),
                "profile": Field(default="default", refs=PROFILES),
                "local-address": POOL_OR_ADDRESS,
                "remote-address": POOL_OR_ADDRESS,
                "remote-ipv6-prefix": Field(v.prefix),
                "routes": empty(),
                "ipv6-routes": empty(),
                "limit-bytes-in": Field(v.number, "0"),
                "limit-bytes-out": Field(v.number, "0"),
            },
            (Unique(by("name"), "failure: secret with the same name already exists"),),
            needs=("name",),
        ),
        Menu(
            "/ppp/profile",
            {
                "name": Field(v.name),
                "local-address": POOL_OR_ADDRESS,
                "remote-address": POOL_OR_ADDRESS,
                "dhcpv6-pd-pool": Field(refs=("/ipv6/pool",)),
                "remote-ipv6-prefix-pool": Field(refs=("/ipv6/pool",), words=("none",)),
                "use-mpls": USUAL,
                "use-compression": USUAL,
                "use-encryption": USUAL,
                "only-one": USUAL,
                "change-tcp-mss": USUAL,
                "use-ipv6": Field(default="yes"),
                "use-upnp": USUAL,
                "address-list": empty(),
                "on-up": empty(),
                "on-down": empty(),
            },
            (Unique(by("name"), "failure: profile with the same name already exists"),),
            flags=(),
            needs=("name",),
        ),
        Menu("/ppp/active", {"name": Field()}, flags=()),
        Menu(
            "/interface/pppoe-server/server",
            {
                "interface": Field(refs=INTERFACE),
                "default-profile": Field(default="default", refs=PROFILES),
            },
            handle="service-name",
        ),
        Menu(
            "/radius",
            {
                "service": empty(),
                "address": Field(v.address, "0.0.0.0"),
                "secret": empty(),
                "authentication-port": Field(v.number, "1812"),
                "accounting-port": Field(v.number, "1813"),
                "timeout": Field(v.time, "300ms"),
                **_message_auth(version),
            },
        ),
        Menu(
            "/radius/incoming",
            {"accept": NO, "port": Field(v.number, "3799")},
            singleton=True,
            flags=(),
        ),
        Menu(
            "/ppp/aaa",
            {
                "use-radius": NO,
                "accounting": Field(v.switch, "true"),
                "interim-update": Field(v.time, "0s"),
            },
            singleton=True,
            flags=(),
        ),
    )


def _message_auth(version: Version) -> dict[str, Field]:
    if not version.is_from("7.15"):
        return {}
    return {
        "require-message-auth": Field(
            v.one_of("no", "yes-for-request-resp"), "yes-for-request-resp"
        )
    }
