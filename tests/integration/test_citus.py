"""Where tables lie: on Citus where their models say, on plain PostgreSQL nowhere else."""

from __future__ import annotations

from tests.contract.test_citus_sql import models
from tests.integration.lantern import Lantern

SPREAD = """
select n.nspname || '.' || c.relname, coalesce(column_to_column_name(p.logicalrelid, p.partkey), 'everywhere')
from pg_dist_partition as p
inner join pg_class as c on c.oid = p.logicalrelid
inner join pg_namespace as n on n.oid = c.relnamespace
"""


def test_tables_lie_where_their_models_say(published: Lantern) -> None:
    warehouse = published.warehouse
    has_citus = warehouse.rows("select count(*) from pg_extension where extname = 'citus'") == [(1,)]
    assert has_citus == warehouse.settings.citus
    if not has_citus:
        return
    found = {name.split(".")[1]: place for name, place in warehouse.rows(SPREAD, "owner")}
    keys = {name: model.get("config", {}).get("meta", {}).get("distributed_by") for name, model in models()}
    assert {name: place for name, place in found.items() if place != "everywhere"} == {
        name: key for name, key in keys.items() if key not in (None, "local")
    }
    assert found["dim_unit"] == found["unit_successor"] == "everywhere"
    # What readers see goes by rules that hold for the owner of a view, and those do not reach the nodes.
    assert warehouse.rows(
        "select count(*) from pg_dist_partition as p inner join pg_class as c on c.oid = p.logicalrelid "
        "where c.relnamespace in ('raw'::regnamespace, 'ops'::regnamespace, 'store'::regnamespace)",
        "owner",
    ) == [(0,)]
