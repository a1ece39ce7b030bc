"""A warehouse of two units and three indicators, right by looking at it: what gate marts has to accept."""

from __future__ import annotations

from typing import Any

import psycopg

TABLES = """
create table seeds.indicator (indicator_code text);
create table seeds.correction (
    correction_kind text, unit_code text, unit_valid_from text, period_code text, element_code text,
    disaggregation_code text, reported_value numeric
);
create table intermediate.int_value_version (
    unit_key text, period_code text, element_code text, disaggregation_code text, value_state text, mark text,
    known_to date default '9999-12-31'
);
create table marts.fct_restart (
    unit_key text, element_code text, sum_of_parts numeric, seat_last numeric, first_value numeric,
    first_cumulative numeric, reading text, decided_offset_value numeric
);
create table seeds.status (status_code text);
create table seeds.status_threshold (threshold_code text, threshold_value numeric);
create table marts.dim_indicator (
    indicator_code text, definition_version text, method text, measured_over text, is_headline boolean default true,
    basis text default 'as_reported', is_in_force boolean default true, approved_on date default '2023-01-01'
);
create table marts.dim_target (
    indicator_code text, scope_key text, baseline_state text default 'measured', path_basis text default 'decision'
);
create table marts.fct_value (
    unit_key text, period_code text, element_code text, disaggregation_code text, version integer, value numeric,
    known_from timestamptz, known_to timestamptz
);
create table marts.fct_indicator (
    basis text default 'as_reported', scope_kind text, scope_key text, period_code text, indicator_code text,
    definition_version text default '1', known_from date default '2023-02-25', known_to date default '9999-12-31',
    numerator numeric, denominator numeric, value numeric, reported_count bigint, expected_count bigint,
    carried_count bigint default 0, coverage_pct numeric, null_reason text, carried_pct numeric,
    question_count bigint default 0, question_pct numeric, lower_value numeric, upper_value numeric
);
create table marts.fct_progress (
    basis text default 'as_reported', scope_kind text, scope_key text, period_code text, indicator_code text,
    definition_version text default '1', known_from date default '2023-02-25', value numeric, coverage_pct numeric,
    status_code text, no_verdict_code text, is_provisional boolean default false, is_settled boolean,
    status_lower_code text, status_upper_code text, forecast_value numeric, chance_pct numeric, confidence_code text,
    confidence_coverage_code text, confidence_carried_code text, confidence_question_code text,
    confidence_check_code text, reason_vi text default 'vì', reason_en text default 'because'
);
create table marts.rpt_scorecard (indicator_code text, value numeric, status_code text, coverage_pct numeric);
"""

ROWS = """
insert into seeds.indicator values ('COUNT'), ('SHARE'), ('NONE');
insert into marts.dim_indicator values
    ('COUNT', '1', 'sum', 'since_start'), ('SHARE', '1', 'ratio', 'point'), ('NONE', '1', 'none', 'period');
insert into marts.dim_target values ('COUNT', 'nation'), ('SHARE', 'nation'), ('NONE', 'nation');
insert into seeds.correction values ('value', 'A', '1', '2023-01', 'E', 'total', 4);
insert into intermediate.int_value_version values ('A@1', '2023-01', 'E', 'total', 'reported', 'corrected');
insert into marts.fct_restart values ('B@1', 'E', 5, 5, 3, 8, 'continues', null);
insert into seeds.status values ('on_track'), ('off_track'), ('no_verdict');
insert into seeds.status_threshold values ('verdict_coverage_pct', 80);
insert into marts.fct_value values
    ('A@1', '2023-01', 'E', 'total', 1, 4, '2023-01-20', '2023-02-01'),
    ('A@1', '2023-01', 'E', 'total', 2, 5, '2023-02-01', 'infinity'),
    -- received before version 2, collected after it: never current
    ('A@1', '2023-01', 'E', 'total', 1, 4, '2023-02-09', '2023-02-09'),
    ('B@1', '2023-02', 'E', 'total', 1, 3, '2023-02-20', 'infinity');
-- unit A has ended after 2023-01; what it brought in stays in the nation
insert into marts.fct_indicator
    (scope_kind, scope_key, period_code, indicator_code, numerator, denominator, value, reported_count, expected_count,
        coverage_pct)
values
    ('unit', 'A@1', '2023-01', 'COUNT', 5, null, 5, 1, 1, 100),
    ('unit', 'B@1', '2023-01', 'COUNT', null, null, null, 0, 1, 0),
    ('unit', 'B@1', '2023-02', 'COUNT', 3, null, 3, 1, 1, 100),
    ('nation', 'nation', '2023-01', 'COUNT', 5, null, 5, 1, 2, 50),
    ('nation', 'nation', '2023-02', 'COUNT', 8, null, 8, 2, 2, 100),
    ('unit', 'B@1', '2023-02', 'SHARE', 1, 3, 100 * 1 / 3.0, 1, 1, 100),
    ('nation', 'nation', '2023-02', 'SHARE', 1, 3, 100 * 1 / 3.0, 1, 1, 100),
    ('nation', 'nation', '2023-02', 'NONE', null, null, null, 0, 0, null);
update marts.fct_indicator
set
    null_reason = case when indicator_code = 'NONE' then 'no_method' when value is null then 'nothing_known' end,
    carried_pct = case when expected_count > 0 then 0 end,
    question_pct = case when value is not null then 0 end,
    lower_value = value,
    -- nothing is known of the month of B that is missing
    upper_value = case when reported_count = expected_count then value end;
insert into marts.fct_indicator
    (basis, scope_kind, scope_key, period_code, indicator_code, numerator, denominator, value, reported_count,
        expected_count, coverage_pct, null_reason, carried_pct, question_pct, lower_value, upper_value)
select
    other.basis, scope_kind, scope_key, period_code, indicator_code, numerator, denominator, value, reported_count,
    expected_count, coverage_pct, null_reason, carried_pct, question_pct, lower_value, upper_value
from marts.fct_indicator
cross join (values ('current'), ('original')) as other (basis)
where scope_kind = 'nation';
insert into marts.fct_progress (
    basis, scope_kind, scope_key, period_code, indicator_code, value, coverage_pct, status_code, no_verdict_code
)
select
    basis, scope_kind, scope_key, period_code, indicator_code, value, coverage_pct,
    case when scope_kind = 'nation' and coverage_pct >= 80 then 'on_track' else 'no_verdict' end,
    case
        when indicator_code = 'NONE' then 'no_method'
        when scope_kind <> 'nation' then 'no_target'
        when coverage_pct < 80 then 'coverage'
    end
from marts.fct_indicator;
update marts.fct_progress
set is_settled = true, status_lower_code = status_code, status_upper_code = status_code
where status_code <> 'no_verdict';
update marts.fct_progress
set
    confidence_code = 'B', confidence_coverage_code = 'A', confidence_carried_code = 'A',
    confidence_question_code = 'A', confidence_check_code = 'B'
where value is not null;
insert into marts.rpt_scorecard
select indicator_code, value, status_code, coverage_pct from marts.fct_progress
where scope_kind = 'nation' and period_code = '2023-02' and basis = 'as_reported';
"""

RUN = """
insert into ops.run (state, is_full, data_to_period, known_at, code_version, seeds_hash)
values ('building', true, '2023-02', '2023-03-01', 'test', 'test')
"""


def build(connection: psycopg.Connection[Any]) -> None:
    """As the builder: the tables, their rows, and an open run."""
    for statements in (TABLES, ROWS, RUN):
        connection.execute(statements.encode())
    connection.commit()
