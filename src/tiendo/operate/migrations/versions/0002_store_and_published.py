"""Make the store and what readers see of it: the marts' columns with the publications each row belongs to.

The tables are never replaced, so that grants and row-level rules set on them hold. `published` shows the rows of the
publication in `ops.shown` through views of a role that cannot log in and does not own the store. A test holds the
columns here against the contracts of the marts.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STORE = """
create table store.dim_period (
    period_code text not null,
    period_ordinal integer,
    start_date date,
    end_date date,
    due_date date,
    report_year integer,
    month_no integer,
    period_label_vi text,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (period_code, pub_from)
);

create table store.dim_unit (
    unit_key text not null,
    unit_code text,
    valid_from date,
    valid_to date,
    name_vi text,
    name_en text,
    unit_kind text,
    unit_kind_vi text,
    region_key text,
    region_name_vi text,
    sort_key text,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (unit_key, pub_from)
);

create table store.dim_scope (
    scope_key text not null,
    scope_kind text,
    name_vi text,
    name_en text,
    sort_key text,
    valid_from date,
    valid_to date,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (scope_key, pub_from)
);

create table store.dim_element (
    element_code text not null,
    name_vi text,
    name_en text,
    measure_vi text,
    measure_en text,
    time_rule text,
    counted_by text,
    number_kind text,
    group_name_vi text,
    form_order integer,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (element_code, pub_from)
);

create table store.dim_indicator (
    indicator_code text not null,
    definition_version text not null,
    valid_from date,
    valid_to date,
    goal_code text,
    name_vi text,
    name_en text,
    reading_vi text,
    reading_en text,
    official_place_vi text,
    result_level text,
    source_type text,
    method text,
    method_gap_vi text,
    method_gap_en text,
    measured_over text,
    direction text,
    is_strict boolean,
    measure_vi text,
    measure_en text,
    decimals integer,
    who_counts text,
    signing_office text,
    approved_on date,
    caveat_vi text,
    caveat_en text,
    display_order integer,
    is_card_complete boolean,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (indicator_code, definition_version, pub_from)
);

create table store.dim_target (
    indicator_code text not null,
    scope_key text not null,
    target_value numeric,
    target_high numeric,
    baseline_value numeric,
    baseline_state text,
    baseline_period text,
    target_period text,
    path_kind text,
    path_basis text,
    path_approved_by text,
    path_note_vi text,
    path_note_en text,
    target_vi text,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (indicator_code, scope_key, pub_from)
);

create table store.fct_submission (
    submission_id uuid not null,
    unit_key text,
    period_code text,
    version integer,
    state text,
    due_date date,
    received_at timestamptz,
    days_late integer,
    problem_count integer,
    is_synthetic boolean,
    known_from timestamptz,
    known_to timestamptz,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (submission_id, pub_from)
);

create table store.fct_indicator (
    basis text not null,
    scope_kind text,
    scope_key text not null,
    period_code text not null,
    indicator_code text not null,
    definition_version text not null,
    numerator numeric,
    denominator numeric,
    value numeric,
    reported_count bigint,
    expected_count bigint,
    coverage_pct numeric,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (basis, scope_key, period_code, indicator_code, definition_version, pub_from)
);

create table store.fct_progress (
    basis text not null,
    scope_kind text,
    scope_key text not null,
    period_code text not null,
    indicator_code text not null,
    definition_version text not null,
    numerator numeric,
    denominator numeric,
    value numeric,
    reported_count bigint,
    expected_count bigint,
    coverage_pct numeric,
    baseline_value numeric,
    target_value numeric,
    path_value numeric,
    gap numeric,
    share_ratio numeric,
    pace_ratio numeric,
    status_code text,
    no_verdict_code text,
    is_provisional boolean,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (basis, scope_key, period_code, indicator_code, definition_version, pub_from)
);

create table store.rpt_scorecard (
    indicator_code text not null,
    display_order integer,
    goal_code text,
    name_vi text,
    name_en text,
    measure_vi text,
    decimals integer,
    value numeric,
    numerator numeric,
    denominator numeric,
    target_value numeric,
    path_value numeric,
    gap numeric,
    share_pct numeric,
    pace_ratio numeric,
    status_code text,
    status_vi text,
    status_sign text,
    status_colour text,
    is_provisional boolean,
    reason_vi text,
    provisional_vi text,
    reported_count bigint,
    expected_count bigint,
    coverage_pct numeric,
    trend_points text,
    value_change numeric,
    caveat_vi text,
    period_code text,
    period_label_vi text,
    data_to date,
    known_at timestamptz,
    is_synthetic boolean,
    programme_name_vi text,
    value_vi text,
    target_vi text,
    path_vi text,
    coverage_vi text,
    change_vi text,
    data_to_vi text,
    known_at_vi text,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (indicator_code, pub_from)
);

create table store.rpt_compliance (
    unit_key text not null,
    unit_code text,
    unit_name_vi text,
    unit_kind_vi text,
    sort_key text,
    period_code text not null,
    period_label_vi text,
    due_date date,
    due_date_vi text,
    state text,
    state_vi text,
    days_late integer,
    version_count integer,
    problem_count integer,
    is_data_to boolean,
    is_synthetic boolean,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (unit_key, period_code, pub_from)
);
"""

# fct_value is not copied: it is what raw holds for the submissions of the publication.
VIEWS = """
do $$
declare
    mart text;
    mart_columns text;
begin
    for mart, mart_columns in
        select table_name, string_agg(format('t.%I', column_name), ', ' order by ordinal_position)
        from information_schema.columns
        where table_schema = 'store' and column_name not in ('pub_from', 'pub_to')
        group by table_name
    loop
        execute format(
            'create view published.%I with (security_barrier) as select %s from store.%I as t '
            'inner join ops.shown on t.pub_from <= shown.publication_no and t.pub_to > shown.publication_no',
            mart, mart_columns, mart
        );
    end loop;
end
$$;

create view published.fct_value with (security_barrier) as
select
    submission.unit_key,
    submission.period_code,
    reported_value.element_code,
    reported_value.disaggregation_code,
    submission.version,
    submission.submission_id,
    reported_value.value_number as value,
    reported_value.value_state,
    submission.known_from,
    submission.known_to
from store.fct_submission as submission
inner join ops.shown on submission.pub_from <= shown.publication_no and submission.pub_to > shown.publication_no
inner join raw.reported_value using (submission_id)
where submission.state = 'accepted';

create view published.publication with (security_barrier) as
select publication_no, published_at, known_at, data_to_period, code_version, run_id
from ops.publication
inner join ops.shown using (publication_no);

do $$
declare
    relation text;
begin
    for relation in select format('published.%I', viewname) from pg_views where schemaname = 'published' loop
        execute format('grant select on %s to tiendo_reader', relation);
        execute format('alter view %s owner to tiendo_view', relation);
    end loop;
end
$$;

grant select, insert, update, delete on all tables in schema store to tiendo_publisher;
grant select on all tables in schema store to tiendo_view;
grant select on ops.shown, ops.publication, raw.reported_value to tiendo_view;
"""


def upgrade() -> None:
    """Make store and published."""
    op.execute(STORE)
    op.execute(VIEWS)


def downgrade() -> None:
    """Take store and published away; they can be published again from the marts."""
    op.execute(
        """
        do $$
        declare
            relation text;
        begin
            for relation in select format('published.%I', viewname) from pg_views where schemaname = 'published' loop
                execute format('drop view %s', relation);
            end loop;
            for relation in select format('store.%I', tablename) from pg_tables where schemaname = 'store' loop
                execute format('drop table %s', relation);
            end loop;
        end
        $$;
        """
    )
