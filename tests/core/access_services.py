"""Services of every technology, drawn at random, and the rows of other people beside them."""

from hypothesis import strategies as st

from caudal.core.access import Access, Kind, Row, Speed, Technology

SPEEDS = {
    "A": Speed(1_000, 2_000),
    "B": Speed(5_000, 9_000, 7_000, 0, burst_seconds=4, priority=2),
}
BY_HAND = "a mano"


def access(
    number: int, kind: Technology, plan: str, name: int, host: int, mac: int, flags: set[str]
) -> Access:
    dialled = kind in (Technology.PPPOE, Technology.HOTSPOT)
    bound = kind in (Technology.DHCP, Technology.STATIC) or "bound" in flags
    prefixed = "prefix" in flags and kind is not Technology.HOTSPOT
    return Access(
        str(number),
        kind,
        f"n{name}",
        SPEEDS[plan],
        f"{plan} {kind}",
        "clave" if dialled else "",
        f"10.0.0.{host}" if host or not dialled else "",
        mac=f"02:00:00:00:00:0{mac}" if bound else "",
        suspended="cut" in flags,
        server="srv" if "server" in flags else "",
        interface="ether2",
        subnet=f"10.0.{plan == 'A':d}.0/24" if "subnet" in flags else "",
        prefix=f"2001:db8:{host:x}::/{64 if 'subnet' in flags else 56}" if prefixed else "",
        duid=f"00030001{mac:02x}",
    )


services = st.lists(
    st.builds(
        access,
        st.integers(1, 6),
        st.sampled_from(list(Technology)),
        st.sampled_from("AB"),
        st.integers(1, 6),
        st.integers(0, 6),
        st.integers(1, 6),
        st.sets(st.sampled_from(["cut", "bound", "prefix", "server", "subnet"])),
    ),
    unique_by=lambda a: a.service_id,
    max_size=6,
)


def stranger(kind: Kind, n: int, off: bool) -> Row:
    """A row as somebody may have made it by hand."""
    keys = {
        Kind.BLOCK: f"10.0.0.{n}",
        Kind.BLOCK6: f"2001:db8:{n:x}::/56",
        Kind.LEASE: f"10.0.0.{n}",
        Kind.ARP: f"10.0.0.{n}",
        Kind.BINDING6: f"2001:db8:{n:x}::/56",
        Kind.MEMBER: f"10.0.0.{n} A pcq",
        Kind.MEMBER6: f"2001:db8:{n:x}::/56 A pcq",
        Kind.MARKING: "A pcq up",
        Kind.MARKING6: "A pcq up",
        Kind.TREE: "A pcq down",
    }
    attrs = {
        Kind.QUEUE: {"target": f"10.0.0.{n}"},
        Kind.HOTSPOT_USER: {"address": f"10.0.0.{n}", "profile": "default"},
        Kind.LEASE: {"mac": f"02:00:00:00:00:0{n}"},
        Kind.ARP: {"mac": f"02:00:00:00:00:0{n}", "interface": "ether2"},
    }
    disabled = {"enabled": "no"} if off else {}
    return Row(kind, keys.get(kind, f"n{n}"), attrs.get(kind, {}) | disabled, BY_HAND)


strangers = st.lists(
    st.builds(
        stranger,
        st.sampled_from(
            [
                kind
                for kind in Kind
                if kind not in (Kind.SESSION, Kind.HOTSPOT_SESSION, Kind.COOKIE, Kind.PROFILE)
            ]
        ),
        st.integers(1, 6),
        st.booleans(),
    ),
    unique_by=lambda row: (row.kind, row.key),
    max_size=8,
)
