"""The store remembers: a publication opens and closes rows, shows exactly one state, and can be taken back."""

from __future__ import annotations

import psycopg
import pytest

from tests.conftest import Warehouse
from tiendo.publish.errors import PublishError
from tiendo.publish.publication import KEPT, publish, rollback, tables


@pytest.fixture
def marts(database: Warehouse) -> Warehouse:
    """Empty marts in the shapes of the store, as dbt would have built them."""
    with database.connect("publisher") as connection:
        names = [table.name for table in tables(connection)]
    with database.connect("owner") as owner:
        shapes = {
            name: owner.execute(
                "select string_agg(format('%%I %%s', attname, format_type(atttypid, atttypmod)), ', ' order by attnum)"
                " from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"
                " and attname not in ('pub_from', 'pub_to')",
                (f"store.{name}",),
            ).fetchone()
            for name in names
        }
    with database.connect("builder") as builder:
        for name, shape in shapes.items():
            builder.execute(f"create table marts.{name} ({shape[0]})".encode())
    return database


def run(warehouse: Warehouse, *changes: str, is_full: bool = True, pairs: tuple[tuple[str, str], ...] = ()) -> None:
    """Change the marts and publish them as a validated run of the given pairs."""
    with warehouse.connect("builder") as builder:
        for change in changes:
            builder.execute(change.encode())
        row = builder.execute(
            "insert into ops.run (state, is_full, data_to_period, known_at, code_version, seeds_hash) "
            "values ('building', %s, '2023-01', now(), 'test', 'test') returning run_id",
            (is_full,),
        ).fetchone()
        for pair in pairs:
            builder.execute("insert into ops.run_pair values (%s, %s, %s)", (row[0], *pair))
        builder.execute("update ops.run set state = 'validated' where run_id = %s", row)
    with warehouse.connect("publisher") as publisher:
        publish(publisher)


def shown(warehouse: Warehouse, query: str) -> list[tuple[object, ...]]:
    """What a reader sees."""
    return warehouse.rows(query, "reader")


ELEMENTS = "select element_code, name_vi from published.dim_element order by 1"


def test_a_publication_shows_what_changed_and_rollback_shows_what_was(marts: Warehouse) -> None:
    run(marts, "insert into marts.dim_element (element_code, name_vi) values ('A', 'một'), ('B', 'hai')")
    run(
        marts,
        "update marts.dim_element set name_vi = 'ba' where element_code = 'A'",
        "delete from marts.dim_element where element_code = 'B'",
        "insert into marts.dim_element (element_code, name_vi) values ('C', null)",
    )
    assert shown(marts, ELEMENTS) == [("A", "ba"), ("C", None)]
    with marts.connect("publisher") as publisher:
        assert rollback(publisher) == 1
    assert shown(marts, ELEMENTS) == [("A", "một"), ("B", "hai")]
    run(marts)
    assert shown(marts, ELEMENTS) == [("A", "ba"), ("C", None)]


def test_an_unchanged_row_is_kept_and_not_written_again(marts: Warehouse) -> None:
    run(marts, "insert into marts.dim_element (element_code) values ('A')")
    run(marts)
    run(marts)
    assert marts.rows("select element_code, pub_from, pub_to from store.dim_element") == [("A", 1, 2**63 - 1)]


def test_the_difference_of_a_publication_is_its_rows(marts: Warehouse) -> None:
    run(marts, "insert into marts.dim_element (element_code, name_vi) values ('A', 'một'), ('B', 'hai')")
    run(marts, "update marts.dim_element set name_vi = 'ba' where element_code = 'A'")
    rows = marts.rows("select name_vi, pub_from = 2, pub_to = 2 from store.dim_element where 2 in (pub_from, pub_to)")
    assert sorted(rows) == [("ba", True, False), ("một", False, True)]


def test_a_narrowed_run_touches_only_its_pairs(marts: Warehouse) -> None:
    insert = (
        "insert into marts.fct_indicator "
        "(basis, scope_key, period_code, indicator_code, definition_version, known_from, value) values "
        "('as_reported', 'nation', '2023-01', 'I', '1', '2023-01-25', {}), "
        "('as_reported', 'nation', '2023-02', 'I', '1', '2023-02-25', {})"
    )
    run(marts, insert.format(1, 1))
    run(
        marts,
        "delete from marts.fct_indicator",
        insert.format(5, 7),
        is_full=False,
        pairs=(("2023-02", "nation"),),
    )
    query = "select period_code, value from published.fct_indicator order by 1"
    assert shown(marts, query) == [("2023-01", 1), ("2023-02", 7)]


def test_a_build_that_was_not_validated_moves_nothing(marts: Warehouse) -> None:
    with marts.connect("publisher") as publisher, pytest.raises(PublishError, match="tiendo validate"):
        publish(publisher)
    assert shown(marts, "select * from published.publication") == []


def test_the_last_ten_are_kept_and_no_more(marts: Warehouse) -> None:
    for number in range(KEPT + 2):
        run(
            marts,
            "delete from marts.dim_element",
            f"insert into marts.dim_element (element_code) values ('E{number:02}')",
        )
    with marts.connect("publisher") as publisher:
        for _ in range(KEPT - 1):
            rollback(publisher)
        assert shown(marts, "select element_code from published.dim_element") == [("E02",)]
        with pytest.raises(PublishError, match="earlier"):
            rollback(publisher)
    assert marts.rows("select min(element_code) from store.dim_element") == [("E02",)]


def test_a_reader_reads_what_is_published_and_nothing_else(marts: Warehouse) -> None:
    run(marts, "insert into marts.dim_element (element_code) values ('A')")
    assert shown(marts, "select element_code from published.dim_element") == [("A",)]
    for forbidden in ("store.dim_element", "marts.dim_element", "raw.submission", "ops.run"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            marts.rows(f"select * from {forbidden}", "reader")


def test_a_small_cell_of_people_hides_its_whole_split(marts: Warehouse) -> None:
    submission = "00000000-0000-0000-0000-000000000001"
    with marts.connect("loader") as loader:
        loader.execute(
            "insert into raw.submission values (%s, %s, 'A', 'f', 1, now(), now(), false, 'accepted', true, '1', 'A', "
            "'2023-01-01', '2023-01')",
            (submission, "0" * 64),
        )
        for element, part, value in (
            ("SMALL", "total", 30),
            ("SMALL", "sex.female", 3),
            ("SMALL", "sex.male", 27),
            ("SMALL", "mode.online", 2),
            ("LARGE", "sex.female", 12),
            ("LARGE", "sex.male", 0),
        ):
            loader.execute(
                "insert into raw.reported_value values (%s, %s, %s, '', %s, 'reported', 'S!A1')",
                (submission, element, part, value),
            )
    run(
        marts,
        "insert into marts.dim_disaggregation (disaggregation_code, dimension_code, is_about_people) values "
        "('sex.female', 'sex', true), ('sex.male', 'sex', true), ('mode.online', 'mode', false)",
        f"insert into marts.fct_submission (submission_id, unit_key, period_code, state) "
        f"values ('{submission}', 'A@2023-01-01', '2023-01', 'accepted')",
    )
    rows = shown(marts, "select element_code, disaggregation_code, value, value_state from published.fct_value")
    assert sorted(rows, key=str) == [
        ("LARGE", "sex.female", 12, "reported"),
        ("LARGE", "sex.male", 0, "reported"),
        ("SMALL", "mode.online", 2, "reported"),
        ("SMALL", "sex.female", None, "suppressed"),
        ("SMALL", "sex.male", None, "suppressed"),
        ("SMALL", "total", 30, "reported"),
    ]


EVIL = (
    "create function marts.evil() returns text language plpgsql as $$ begin "
    "delete from store.dim_element; return current_user; end $$",
    "grant execute on function marts.evil() to public",
)


@pytest.mark.parametrize(
    "lure",
    [
        (
            "drop table marts.dim_period",
            "create view marts.dim_period as select marts.evil() as period_code, null::integer as period_ordinal, "
            "null::date as start_date, null::date as end_date, null::date as due_date, null::integer as report_year, "
            "null::integer as month_no, null::text as period_label_vi",
        ),
        (
            "insert into marts.dim_period (period_code) values ('x')",
            "alter table marts.dim_period enable row level security",
            "create policy lure on marts.dim_period using (marts.evil() is not null)",
        ),
        (
            "create type marts.lure as (word text)",
            "create function marts.evil(marts.lure) returns text language sql as 'select marts.evil()'",
            "grant execute on function marts.evil(marts.lure) to public",
            "create cast (marts.lure as text) with function marts.evil(marts.lure) as implicit",
            "alter table marts.dim_period drop column period_label_vi",
            "alter table marts.dim_period add column period_label_vi marts.lure",
            "insert into marts.dim_period values ('x', 1, null, null, null, 1, 1, row('x'))",
        ),
    ],
    ids=["a view", "a rule of rows", "a type with a cast"],
)
def test_what_builds_makes_what_publishes_do_nothing(marts: Warehouse, lure: tuple[str, ...]) -> None:
    """A function of the builder's in what the publisher reads would run with the publisher's rights over the store."""
    run(marts, "insert into marts.dim_element (element_code, name_vi) values ('A', 'một')")
    with pytest.raises(PublishError, match=r"marts\.dim_period"):
        run(marts, *EVIL, *lure)
    assert shown(marts, ELEMENTS) == [("A", "một")]
