"""Give the store the marts' columns for verdicts one can defend: bounds, rates, forecasts, confidence, reasons, checks.

Tables whose columns changed are made anew, empty: the next publication fills them, and earlier ones cannot be shown
again.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CHANGED = ("dim_indicator", "dim_target", "fct_indicator", "fct_progress", "rpt_scorecard")

STORE = """
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
    gap_kind text,
    is_monotone boolean,
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
    season_code text,
    path_basis text,
    path_approved_by text,
    path_note_vi text,
    path_note_en text,
    target_vi text,
    target_en text,
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
    carried_pct numeric,
    question_count bigint,
    question_pct numeric,
    coverage_pct numeric,
    lower_value numeric,
    upper_value numeric,
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
    carried_pct numeric,
    question_count bigint,
    question_pct numeric,
    coverage_pct numeric,
    lower_value numeric,
    upper_value numeric,
    baseline_value numeric,
    baseline_period text,
    target_value numeric,
    path_value numeric,
    gap numeric,
    headroom numeric,
    share_ratio numeric,
    pace_ratio numeric,
    growth_expected_count numeric,
    shortfall_count numeric,
    noise_count numeric,
    dispersion numeric,
    status_code text,
    no_verdict_code text,
    is_provisional boolean,
    is_settled boolean,
    status_lower_code text,
    status_upper_code text,
    status_linear_code text,
    status_stepped_code text,
    status_seasonal_code text,
    rate_needed numeric,
    rate_achieved numeric,
    forecast_value numeric,
    forecast_low numeric,
    forecast_high numeric,
    chance_pct numeric,
    reading_count bigint,
    reading_arriving_count bigint,
    check_count bigint,
    check_ratio numeric,
    check_low numeric,
    check_high numeric,
    confidence_code text,
    confidence_coverage_code text,
    confidence_carried_code text,
    confidence_question_code text,
    confidence_check_code text,
    finding_vi text,
    finding_en text,
    finding_office text,
    finding_on date,
    finding_period_code text,
    reason_vi text,
    reason_en text,
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
    is_doubtful boolean,
    reason_vi text,
    provisional_vi text,
    reported_count bigint,
    expected_count bigint,
    coverage_pct numeric,
    trend_points text,
    value_change numeric,
    rate_needed numeric,
    rate_achieved numeric,
    confidence_code text,
    check_ratio numeric,
    finding_vi text,
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
    rate_needed_vi text,
    rate_achieved_vi text,
    finding_signed_vi text,
    data_to_vi text,
    known_at_vi text,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (indicator_code, pub_from)
);

create table store.fct_verification (
    unit_key text not null,
    period_code text not null,
    element_code text not null,
    checked_on date not null,
    quarter text,
    reported_value numeric,
    found_value numeric,
    difference numeric,
    evidence_vi text,
    evidence_en text,
    checked_by text,
    known_from date,
    inclusion_probability numeric,
    is_synthetic boolean,
    submission_id uuid,
    is_counting boolean,
    reason_code text,
    reason_vi text,
    reason_en text,
    source_note text,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (unit_key, period_code, element_code, checked_on, pub_from)
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
    """Make the new columns and tables, and what readers see of them."""
    for mart in CHANGED:
        op.execute(f"drop view published.{mart}; drop table store.{mart};")
    op.execute(STORE)
    op.execute(SHOWN)


def downgrade() -> None:
    """There is no way back by itself: restore the backup that was taken before the upgrade."""
    raise RuntimeError("0007 cannot be taken back; restore the backup taken before it / hãy khôi phục bản sao lưu")
