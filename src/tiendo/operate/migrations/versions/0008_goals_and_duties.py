"""Give the store what the pages of goals, units and reviews read, and an index by series."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STORE = """
create table store.dim_goal (
    goal_code text not null,
    goal_kind text,
    name_vi text,
    name_en text,
    official_place_vi text,
    official_place_en text,
    display_order integer,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (goal_code, pub_from)
);

create table store.dim_review (
    review_code text not null,
    review_kind text,
    name_vi text,
    name_en text,
    data_to_period text,
    known_on date,
    is_due boolean,
    shown_period text,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (review_code, pub_from)
);

create table store.dim_task (
    task_code text not null,
    goal_code text,
    name_vi text,
    name_en text,
    rhythm_vi text,
    rhythm_en text,
    official_place_vi text,
    official_place_en text,
    display_order integer,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (task_code, pub_from)
);

create table store.dim_tile (
    unit_key text not null,
    tile_no integer not null,
    tile_column integer,
    tile_row integer,
    label_vi text,
    label_en text,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (unit_key, tile_no, pub_from)
);

create table store.fct_duty (
    task_code text not null,
    unit_key text not null,
    role text,
    valid_from date,
    valid_to date,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (task_code, unit_key, pub_from)
);

create table store.fct_milestone (
    milestone_code text not null,
    task_code text,
    name_vi text,
    name_en text,
    evidence_vi text,
    evidence_en text,
    display_order integer,
    state text,
    document_number text,
    issuer text,
    document_date date,
    state_from date,
    is_synthetic boolean,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (milestone_code, pub_from)
);

create table store.fct_problem (
    submission_id uuid not null,
    unit_key text not null,
    period_code text not null,
    rule_code text not null,
    severity text,
    rule_vi text,
    rule_en text,
    problem_count integer,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (submission_id, rule_code, pub_from)
);

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

drop view published.rpt_scorecard;
alter table store.rpt_scorecard add column programme_name_en text,
    drop column measure_vi,
    drop column status_vi,
    drop column reason_vi,
    drop column provisional_vi,
    drop column finding_vi,
    drop column caveat_vi,
    drop column period_label_vi,
    drop column value_vi,
    drop column target_vi,
    drop column path_vi,
    drop column coverage_vi,
    drop column change_vi,
    drop column rate_needed_vi,
    drop column rate_achieved_vi,
    drop column finding_signed_vi,
    drop column data_to_vi,
    drop column known_at_vi;

-- a series is found by what it is of
create index on store.fct_indicator (scope_key, indicator_code, basis, period_code);
-- publishing looks at the pointer anew, for the planner
grant maintain on ops.shown to tiendo_publisher;
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
    """Make the tables, and what readers see of them."""
    op.execute(STORE)
    op.execute(SHOWN)


def downgrade() -> None:
    """There is no way back by itself: restore the backup that was taken before the upgrade."""
    raise RuntimeError("0008 cannot be taken back; restore the backup taken before it / hãy khôi phục bản sao lưu")
