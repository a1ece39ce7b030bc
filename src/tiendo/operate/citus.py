"""Citus, where TIENDO_CITUS=1 says that the server is a coordinator: what a database needs before tables are spread.

In: an administrator's connection to a server with the extension preloaded. Out: the extension, the coordinator's own
address among the nodes, and by which password each role enters a node, since queries go there as who asked them. Which
table is spread by what is said beside its model; `distribute()` does it after each build. (docs/citus.md)
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from tiendo.operate.settings import LOGIN_ROLES, Settings

# Results that models gather may be large; nodes are reached with TLS where they have it.
PARAMETERS = {"shard_count": "8", "node_conninfo": "sslmode=prefer", "max_intermediate_result_size": "-1"}
# An authinfo of node 0 holds for every node.
EVERY_NODE = 0
OWN_SCHEMAS = """
select n.nspname from pg_namespace as n inner join pg_depend as d on d.objid = n.oid
inner join pg_extension as e on e.oid = d.refobjid
where d.classid = 'pg_namespace'::regclass and d.refclassid = 'pg_extension'::regclass and e.extname like 'citus%'
"""


def enable(connection: psycopg.Connection[Any], settings: Settings) -> None:
    """Make this database's node list and passwords, and set the server; the same when done again."""
    connection.execute("create extension if not exists citus")
    for name, value in {**PARAMETERS, "local_hostname": settings.host}.items():
        order = sql.SQL("alter system set {} = {}").format(sql.Identifier("citus", name), sql.Literal(value))
        connection.execute(order)
    connection.execute("select pg_reload_conf()")
    connection.execute("select citus_set_coordinator_host(%s, %s)", (settings.host, settings.postgres_port))
    # Shards lie on the coordinator too: one machine is a cluster of one.
    connection.execute(
        "select citus_set_node_property(nodename, nodeport, 'shouldhaveshards', true) from pg_dist_node "
        "where groupid = 0 and not shouldhaveshards"
    )
    for role, secret in (("postgres", "postgres"), *((f"tiendo_{short}", short) for short in LOGIN_ROLES)):
        connection.execute(
            "insert into pg_dist_authinfo (nodeid, rolename, authinfo) values (%s, %s, %s) "
            "on conflict (rolename, nodeid) do update set authinfo = excluded.authinfo",
            (EVERY_NODE, role, f"password={_quoted(settings.secret(secret))}"),
        )
    # The extension opens its own schemas to everybody: to units too, who are to see `published` and nothing else.
    for (schema,) in connection.execute(OWN_SCHEMAS).fetchall():
        connection.execute(sql.SQL("revoke all on schema {} from public").format(sql.Identifier(schema)))
        connection.execute(
            sql.SQL("grant usage on schema {} to tiendo_builder, tiendo_publisher").format(sql.Identifier(schema))
        )
    # Its lists of all tables, which it lays into `public`.
    connection.execute("revoke all on public.citus_tables, public.citus_schemas from public")


def _quoted(password: str) -> str:
    """A password as libpq reads it in a connection string."""
    return "'" + password.replace("\\", "\\\\").replace("'", "\\'") + "'"
