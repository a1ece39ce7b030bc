"""Give the store the marts' columns for knowledge by the day, bases and borders, and the marts that are new.

Tables whose columns changed are made anew, empty: the next publication fills them, and earlier ones cannot be shown
again.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CHANGED = ("fct_submission", "dim_indicator", "dim_target", "fct_indicator", "fct_progress")

STORE = """
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
    covers_from date,
    covers_to date,
    is_closing boolean,
    known_from timestamptz,
    known_to timestamptz,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (submission_id, pub_from)
);

create table store.dim_indicator (
    indicator_code text not null,
    definition_version text not null,
    valid_from date,
    valid_to date,
    known_from date,
    goal_code text,
    goal_kind text,
    name_vi text,
    name_en text,
    reading_vi text,
    reading_en text,
    other_readings_vi text,
    other_readings_en text,
    official_place_vi text,
    official_place_en text,
    result_level text,
    source_type text,
    formula text,
    formula_vi text,
    formula_en text,
    method text,
    method_vi text,
    method_en text,
    method_gap_vi text,
    method_gap_en text,
    measured_over text,
    basis text,
    frequency text,
    direction text,
    is_strict boolean,
    measure_vi text,
    measure_en text,
    decimals integer,
    who_counts text,
    break_rule text,
    small_cell_rule text,
    signing_office text,
    approved_on date,
    caveat_vi text,
    caveat_en text,
    display_order integer,
    is_headline boolean,
    is_in_force boolean,
    is_card_complete boolean,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (indicator_code, definition_version, pub_from)
);

create table store.dim_target (
    indicator_code text not null,
    scope_key text not null,
    valid_from date,
    known_from date,
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

create table store.fct_indicator (
    basis text not null,
    scope_kind text,
    scope_key text not null,
    period_code text not null,
    indicator_code text not null,
    definition_version text not null,
    known_from date not null,
    known_to date,
    segment_no integer,
    numerator numeric,
    denominator numeric,
    value numeric,
    null_reason text,
    reported_count bigint,
    expected_count bigint,
    carried_count bigint,
    coverage_pct numeric,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (basis, scope_key, period_code, indicator_code, definition_version, known_from, pub_from)
);

create table store.fct_progress (
    basis text not null,
    scope_kind text,
    scope_key text not null,
    period_code text not null,
    indicator_code text not null,
    definition_version text not null,
    known_from date,
    segment_no integer,
    numerator numeric,
    denominator numeric,
    value numeric,
    null_reason text,
    reported_count bigint,
    expected_count bigint,
    carried_count bigint,
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

create table store.dim_disaggregation (
    disaggregation_code text not null,
    dimension_code text,
    dimension_vi text,
    dimension_en text,
    name_vi text,
    name_en text,
    is_partition boolean,
    is_about_people boolean,
    form_order integer,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (disaggregation_code, pub_from)
);

create table store.fct_frame_effect (
    basis text not null,
    scope_key text not null,
    indicator_code text not null,
    definition_version text not null,
    break_date date not null,
    period_before text,
    value_before numeric,
    value_surviving numeric,
    effect_points numeric,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (basis, scope_key, indicator_code, definition_version, break_date, pub_from)
);

create table store.fct_restart (
    unit_key text not null,
    element_code text not null,
    first_period text,
    sum_of_parts numeric,
    seat_last numeric,
    first_value numeric,
    first_cumulative numeric,
    reading text,
    offset_value numeric,
    decided_offset_value numeric,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (unit_key, element_code, pub_from)
);
"""

# Neither is copied: they are what raw holds for the submissions of the publication.
OVER_RAW = """
-- Where people are split by what they are, a part of 1 to 4 is hidden, and with it all parts of that split, since the
-- total would give it away.
create view published.fct_value with (security_barrier) as
select
    submission.unit_key,
    submission.period_code,
    reported_value.element_code,
    reported_value.disaggregation_code,
    submission.version,
    submission.submission_id,
    case when not hidden.is_hidden then reported_value.value_number end as value,
    case when hidden.is_hidden then 'suppressed' else reported_value.value_state end as value_state,
    submission.known_from,
    submission.known_to
from store.fct_submission as submission
inner join ops.shown on submission.pub_from <= shown.publication_no and submission.pub_to > shown.publication_no
inner join raw.reported_value using (submission_id)
left join store.dim_disaggregation as part
    on
        part.disaggregation_code = reported_value.disaggregation_code
        and part.pub_from <= shown.publication_no and part.pub_to > shown.publication_no
cross join lateral (
    select
        coalesce(part.is_about_people, false) and exists (
            select 1 from raw.reported_value as sibling
            where
                sibling.submission_id = submission.submission_id
                and sibling.element_code = reported_value.element_code
                and sibling.disaggregation_code like part.dimension_code || '.%'
                and sibling.value_number between 1 and 4
        ) as is_hidden
) as hidden
where submission.state = 'accepted';

create view published.fct_narrative with (security_barrier) as
select
    submission.unit_key,
    submission.period_code,
    reported_text.theme,
    submission.version,
    submission.submission_id,
    reported_text.body,
    submission.known_from,
    submission.known_to
from store.fct_submission as submission
inner join ops.shown on submission.pub_from <= shown.publication_no and submission.pub_to > shown.publication_no
inner join raw.reported_text using (submission_id)
where submission.state = 'accepted';
grant select on raw.reported_text to tiendo_view;
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
    """Make the new columns and tables, and what readers see of them."""
    op.execute("drop view published.fct_value;")
    for mart in CHANGED:
        op.execute(f"drop view published.{mart}; drop table store.{mart};")
    op.execute(STORE)
    op.execute(OVER_RAW)
    op.execute(SHOWN)


def downgrade() -> None:
    """There is no way back by itself: restore the backup that was taken before the upgrade."""
    raise RuntimeError("0006 cannot be taken back; restore the backup taken before it / hãy khôi phục bản sao lưu")
