"""Give the store who took over from whom, for the pages of units."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STORE = """
create table store.fct_succession (
    unit_key text not null,
    successor_key text not null,
    succession_kind text not null,
    share_kind text,
    changed_on date,
    is_seat boolean,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (unit_key, successor_key, succession_kind, pub_from)
);
"""

SHOWN = """
do $$
declare
    mart text;
    mart_columns text;
begin
    for mart, mart_columns in
        select table_name, string_agg(format('t.%I', column_name), ', ' order by ordinal_position)
        from information_schema.columns
        where table_schema = 'store' and column_name not in ('pub_from', 'pub_to')
        and not exists (select 1 from pg_views where schemaname = 'published' and viewname = table_name)
        group by table_name
    loop
        execute format(
            'create view published.%I with (security_barrier) as select %s from store.%I as t '
            'inner join ops.shown on t.pub_from <= shown.publication_no and t.pub_to > shown.publication_no',
            mart, mart_columns, mart
        );
    end loop;
    for mart in select viewname from pg_views where schemaname = 'published' and viewowner <> 'tiendo_view' loop
        execute format('grant select on published.%I to tiendo_reader', mart);
        execute format('alter view published.%I owner to tiendo_view', mart);
    end loop;
end
$$;
grant select, insert, update, delete on all tables in schema store to tiendo_publisher;
grant select on all tables in schema store to tiendo_view;
"""


def upgrade() -> None:
    """Make the table, and what readers see of it."""
    op.execute(STORE)
    op.execute(SHOWN)


def downgrade() -> None:
    """There is no way back by itself: restore the backup that was taken before the upgrade."""
    raise RuntimeError("0009 cannot be taken back; restore the backup taken before it / hãy khôi phục bản sao lưu")
