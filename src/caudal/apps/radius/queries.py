"""The SQL that FreeRADIUS runs on our tables, the same on PostgreSQL and on SQLite.

`%{...}` is filled in by FreeRADIUS, escaped. Times are seconds since 1970, so that no dialect of
dates is needed. Bytes are folded with their gigawords (RFC 2869, 5.1).
"""

from caudal.apps.radius.models.heard import SILENCES

FROM_WHERE = "%{%{Packet-Src-IP-Address}:-%{Packet-Src-IPv6-Address}}"
NOW = "(%l - %{%{Acct-Delay-Time}:-0})"
"""The router's own clock is not believed: many start in 1970."""
DEVICE = "%{Calling-Station-Id}"
KEY = "%{Acct-Unique-Session-Id}"
SECONDS = "%{%{Acct-Session-Time}:-0}"
UP = "(%{%{Acct-Input-Gigawords}:-0} * 4294967296 + %{%{Acct-Input-Octets}:-0})"
DOWN = "(%{%{Acct-Output-Gigawords}:-0} * 4294967296 + %{%{Acct-Output-Octets}:-0})"
LOST = "lost"
"""Cause of a session that was closed for its silence; a late report opens it again."""

_MINE = (
    "(SELECT x.id FROM radius_login x WHERE x.username = '%{SQL-User-Name}' ORDER BY x.gone,"
    f" x.router_id <> (SELECT router_id FROM radius_client WHERE address = '{FROM_WHERE}'),"
    " x.id DESC LIMIT 1)"
)
TWIN = (
    "SELECT COUNT(*) FROM radius_session WHERE username = '%{SQL-User-Name}' AND ended IS NULL"
    f" AND heard > %l - {SILENCES} * interim_s AND mac <> '{DEVICE}'"
)
"""Sessions of the same user on other devices that are still reported."""
_VERDICT = (
    "CASE WHEN l.id IS NULL THEN 'unknown ' || p.on_unknown"
    " WHEN l.gone THEN 'cancelled ' || p.on_cancelled"
    " WHEN l.router_id <> c.router_id AND NOT p.any_router THEN 'router reject'"
    f" WHEN l.mac <> '' AND l.mac <> UPPER('{DEVICE}') THEN 'mac reject'"
    " WHEN l.reason <> '' THEN 'suspended ' || p.on_cut"
    " ELSE ' full' END"
)
"""Why not the full service, if so, and what becomes of it; each said once: FreeRADIUS plans this
statement anew at every sign-in, and what is said five times is planned five times."""
LOGIN = (
    f"SELECT l.password, {_VERDICT}, l.rate, l.address, l.pool, l.prefix, c.blocked_list,"
    " p.notice_pool, p.notice_rate, p.interim_s, CASE WHEN p.one_session THEN 1 ELSE 0 END"
    " FROM radius_client c CROSS JOIN radius_policy p"
    " LEFT JOIN radius_login l ON l.username = '%{SQL-User-Name}'"
    f" WHERE c.address = '{FROM_WHERE}' AND p.id = 1"
    " ORDER BY l.gone, l.router_id <> c.router_id, l.id DESC LIMIT 1"
)

REFUSAL = (
    "INSERT INTO radius_rejection"
    " (username, nas, mac, reason, router_id, connection_id, times, since, latest)"
    f" SELECT '%{{SQL-User-Name}}', '{FROM_WHERE}', '{DEVICE}',"
    " '%{%{control:Tmp-String-0}:-password}', c.router_id, l.connection_id, 1, %l, %l"
    f" FROM radius_client c LEFT JOIN radius_login l ON l.id = {_MINE}"
    f" WHERE c.address = '{FROM_WHERE}'"
    " ON CONFLICT (username, nas, mac, reason) DO UPDATE SET"
    " times = radius_rejection.times + 1, latest = excluded.latest,"
    " router_id = excluded.router_id, connection_id = excluded.connection_id"
)

_ADDRESS = "%{Framed-IP-Address}"
_PREFIX = "%{%{Delegated-IPv6-Prefix}:-%{Framed-IPv6-Prefix}}"
_ANSWER = "CASE l.reason WHEN '' THEN 'full ' || l.rate ELSE 'cut' END"
"""Of a router that does not repeat its Class."""


def _insert(ended: str, cause: str, again: str) -> str:
    return (
        "INSERT INTO radius_session (key, session_id, username, connection_id, router_id, nas,"
        " port, address, prefix, mac, answer, interim_s, started, heard, ended, seconds,"
        " up_bytes, down_bytes, cause)"
        f" SELECT '{KEY}', '%{{Acct-Session-Id}}', '%{{SQL-User-Name}}', l.connection_id,"
        f" c.router_id, '{FROM_WHERE}', '%{{%{{NAS-Port-Id}}:-%{{NAS-Port}}}}', '{_ADDRESS}',"
        f" '{_PREFIX}', '{DEVICE}', COALESCE(NULLIF('%{{string:Class}}', ''), {_ANSWER}),"
        f" p.interim_s, {NOW} - {SECONDS}, {NOW}, {ended}, {SECONDS}, {UP}, {DOWN}, {cause}"
        " FROM radius_client c CROSS JOIN radius_policy p"
        f" LEFT JOIN radius_login l ON l.id = {_MINE}"
        f" WHERE c.address = '{FROM_WHERE}' AND p.id = 1"
        f" ON CONFLICT (key) DO UPDATE SET {again}"
    )


_COUNTED = f"heard = {NOW}, seconds = {SECONDS}, up_bytes = {UP}, down_bytes = {DOWN}"
_REOPENED = (
    f"ended = CASE cause WHEN '{LOST}' THEN NULL ELSE ended END,"
    f" cause = CASE cause WHEN '{LOST}' THEN '' ELSE cause END"
)
_CAUSE = "'%{%{Acct-Terminate-Cause}:-Unknown}'"

SESSION_ASIDE = (
    "UPDATE radius_session SET key = SUBSTR(key, 1, 20) || '-' || CAST(id AS VARCHAR(11))"
    f" WHERE key = '{KEY}' AND ended IS NOT NULL AND ended < %l - 60"
)
SESSION_BEGIN = _insert("NULL", "''", "heard = excluded.heard")
SESSION_REPORT = (
    f"UPDATE radius_session SET {_COUNTED}, {_REOPENED},"
    f" address = COALESCE(NULLIF('{_ADDRESS}', ''), address),"
    f" prefix = COALESCE(NULLIF('{_PREFIX}', ''), prefix) WHERE key = '{KEY}'"
)
SESSION_END = (
    f"UPDATE radius_session SET {_COUNTED}, ended = {NOW}, cause = {_CAUSE} WHERE key = '{KEY}'"
)
SESSION_LATE_END = _insert(NOW, _CAUSE, "ended = excluded.ended")
SILENCE_ROUTER = (
    "UPDATE radius_session SET ended = heard, cause = '%{Acct-Status-Type}'"
    f" WHERE nas = '{FROM_WHERE}' AND ended IS NULL"
)

QUERIES = {
    "login": LOGIN,
    "twin": TWIN,
    "refusal": REFUSAL,
    "session_aside": SESSION_ASIDE,
    "session_begin": SESSION_BEGIN,
    "session_report": SESSION_REPORT,
    "session_end": SESSION_END,
    "session_late_end": SESSION_LATE_END,
    "silence_router": SILENCE_ROUTER,
}
"""By the name in the configuration files."""

READ = ("radius_client", "radius_login", "radius_policy")
WRITTEN = ("radius_session", "radius_rejection")
