"""Logins per second of FreeRADIUS on our tables, beside its own tables, with 100,000 users each."""

import statistics
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from bench.report import Result, timed
from bench.rows import provider
from caudal.apps.network.models import Router
from caudal.apps.radius.models import Client, Policy
from tests.rig.freeradius import PASSWORD, ROLE, SECRET, FreeRadius, lacking

USERS = 100_000
LOGINS = 20_000
AT_ONCE = 64
ROUNDS = 3
GOAL = 1 / 0.9
STOCK = Path("/etc/freeradius/3.0/mods-config/sql/main/postgresql")

OURS = """
INSERT INTO radius_login (connection_id, router_id, username, password, reason, gone, rate,
    address, pool, prefix, mac, comment, changed)
SELECT id, router_id, username, 'clave' || service_id % 1000, '', false,
    '2M/10M 3M/15M 1M/8M 10/10 3', host(address), '', '', '', '', 0
FROM network_connection
"""
THEIRS = """
INSERT INTO radcheck (username, attribute, op, value)
SELECT username, 'Cleartext-Password', ':=', password FROM radius_login;
INSERT INTO radreply (username, attribute, op, value)
SELECT username, 'Framed-IP-Address', ':=', address FROM radius_login;
INSERT INTO radusergroup (username, groupname, priority)
SELECT username, 'plan ' || id % 5, 1 FROM radius_login;
INSERT INTO radgroupreply (groupname, attribute, op, value)
SELECT 'plan ' || n, attribute, ':=', value FROM generate_series(0, 4) n, (VALUES
    ('Mikrotik-Rate-Limit', '2M/10M 3M/15M 1M/8M 10/10 3'), ('Acct-Interim-Interval', '300'))
    AS given (attribute, value);
GRANT SELECT ON radcheck, radreply, radusergroup, radgroupcheck, radgroupreply TO {role};
GRANT INSERT ON radpostauth TO {role};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};
ANALYZE;
"""
SQL = """
sql {{
    dialect = "postgresql"
    driver = "rlm_sql_postgresql"
    server = "{server}"
    login = "{role}"
    password = "{password}"
    radius_db = "{name}"
    acct_table1 = "radacct"
    acct_table2 = "radacct"
    postauth_table = "radpostauth"
    authcheck_table = "radcheck"
    groupcheck_table = "radgroupcheck"
    authreply_table = "radreply"
    groupreply_table = "radgroupreply"
    usergroup_table = "radusergroup"
    client_table = "nas"
    read_groups = yes
    group_attribute = "SQL-Group"
    pool {{
        start = ${{thread[pool].start_servers}}
        min = ${{thread[pool].min_spare_servers}}
        max = ${{thread[pool].max_servers}}
        spare = ${{thread[pool].max_spare_servers}}
        uses = 0
        retry_delay = 1
        lifetime = 0
        idle_timeout = 60
    }}
    $INCLUDE {stock}/queries.conf
}}
"""
SITE = """
server customers {{
    listen {{
        type = auth
        ipaddr = 127.0.0.1
        port = {port}
    }}
    authorize {{
        chap
        mschap
        sql
        pap
    }}
    authenticate {{
        Auth-Type PAP {{
            pap
        }}
    }}
    post-auth {{
        sql
    }}
}}
"""


def run() -> Iterator[Result]:
    if why := lacking() or ("" if STOCK.exists() else "needs freeradius-postgresql"):
        print(f"radius: left out, {why}")
        return
    _fill()
    ours, theirs = FreeRadius(), _their_own()
    try:
        for server in (ours.start(), theirs.start()):
            _log_in(server)
        pairs = [
            (timed(lambda: _log_in(ours)), timed(lambda: _log_in(theirs))) for _ in range(ROUNDS)
        ]
    finally:
        ours.close()
        theirs.close()
    mine, peer = (statistics.median(column) for column in zip(*pairs, strict=True))
    note = f"{LOGINS / mine:,.0f} logins/s beside {LOGINS / peer:,.0f}"
    what = f"{LOGINS:,} logins among {USERS:,} users"
    yield Result(what, mine, peer, "FreeRADIUS's own tables", GOAL, note)


def _fill() -> None:
    provider(USERS)
    router = Router.objects.first()
    Client.objects.create(router=router, address="127.0.0.1", secret=SECRET, blocked_list="x")
    Policy.objects.update_or_create(pk=1, defaults={"any_router": True})
    with connection.cursor() as cursor:
        cursor.execute(OURS)
        cursor.execute((STOCK / "schema.sql").read_text())


def _their_own() -> FreeRadius:
    """The same server and threads on the tables that come with FreeRADIUS."""
    server = FreeRadius()
    raddb, database = server.folder / "raddb", connection.settings_dict
    host = database["HOST"] or database.get("OPTIONS", {}).get("host") or "localhost"
    (raddb / "mods-enabled/sql").write_text(
        SQL.format(server=host, role=ROLE, password=PASSWORD, name=database["NAME"], stock=STOCK)
    )
    (raddb / "sites-enabled/customers").write_text(SITE.format(port=server.auth_port))
    with connection.cursor() as cursor:
        cursor.execute(THEIRS.format(role=ROLE))
    return server


def _log_in(server: FreeRadius) -> None:
    """Everybody of a spread of users once; a single refusal ends the benchmark."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT username, password FROM radius_login WHERE id %% 5 = 0 ORDER BY id LIMIT %s",
            [LOGINS],
        )
        asked = [f"User-Name = {name}, User-Password = {word}" for name, word in cursor]
    said = server.many("auth", asked, AT_ONCE)
    if f"Accepted      : {LOGINS}" not in said:
        raise SystemExit(f"not everybody was let in: {said}\n{server.log()[-2000:]}")
