"""Make the rooms before and around the models: `raw` (what was received) and `ops` (what ran, what is shown).

Keys are content or natural keys, never sequences, so that the large tables can be distributed by unit.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

RAW = """
create table raw.submission (
    submission_id uuid primary key,
    sha256 text not null unique check (sha256 ~ '^[0-9a-f]{64}$'),
    door_code text not null,
    file_name text not null,
    byte_count bigint not null,
    received_at timestamptz not null,
    collected_at timestamptz not null,
    is_historical boolean not null,
    state text not null check (state in ('collected', 'loaded', 'accepted', 'quarantined')),
    is_synthetic boolean,
    form_version text,
    unit_code text,
    unit_valid_from date,
    period_code text,
    check (state in ('collected', 'quarantined') or (unit_code, unit_valid_from, period_code, is_synthetic) is not null)
);
comment on table raw.submission is 'One file received. Its bytes lie in the landing store under sha256.';
comment on column raw.submission.submission_id is 'The first 128 bits of sha256.';
comment on column raw.submission.door_code is 'The unit whose door the file came through.';
comment on column raw.submission.received_at is 'The door''s own time for the file, never after it was collected.';
comment on column raw.submission.is_historical is 'True in a load of the past: knowledge counts from received_at.';
create index on raw.submission (state) where state in ('collected', 'loaded');

create table raw.reported_value (
    submission_id uuid not null references raw.submission on delete cascade,
    element_code text not null,
    disaggregation_code text not null,
    value_text text,
    value_number numeric,
    value_state text not null check (value_state in (
        'reported', 'zero', 'nil', 'not_applicable', 'missing', 'withheld'
    )),
    value_cell text not null,
    year_cumulative_number numeric,
    programme_cumulative_number numeric,
    primary key (submission_id, element_code, disaggregation_code),
    check ((value_state in ('reported', 'zero', 'nil')) = (value_number is not null))
);
comment on table raw.reported_value is 'One element (and breakdown) of a submission, as found and read, with its cell.';
comment on column raw.reported_value.disaggregation_code is 'total, or the key of the former unit the number is about.';
comment on column raw.reported_value.value_cell is 'Sheet and cell, as in Số liệu!E14.';

create table raw.reported_text (
    submission_id uuid not null references raw.submission on delete cascade,
    theme text not null check (theme in ('result', 'difficulty', 'cause', 'lesson', 'proposal')),
    body text not null,
    cell text not null,
    primary key (submission_id, theme)
);
comment on table raw.reported_text is 'One narrative part of one submission.';

create table raw.problem (
    submission_id uuid not null references raw.submission on delete cascade,
    rule_code text not null,
    cell text not null,
    severity text not null check (severity in ('error', 'warning')),
    found text,
    expected text,
    message_vi text not null,
    message_en text not null,
    primary key (submission_id, rule_code, cell)
);
comment on table raw.problem is 'One problem of one submission, at its cell.';
comment on column raw.problem.cell is 'Sheet and cell, as in Số liệu!E14; empty when the whole file is meant.';
"""

OPS = """
create table ops.run (
    run_id bigint generated always as identity primary key,
    state text not null check (state in ('building', 'validated', 'published', 'failed', 'abandoned')),
    is_full boolean not null,
    data_to_period text not null,
    known_at timestamptz not null,
    code_version text not null,
    seeds_hash text not null,
    started_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz
);
comment on table ops.run is 'One build. Models read its period, set and knowledge from here: no clock in any model.';
create unique index only_one_open_run on ops.run ((true)) where state in ('building', 'validated');

create table ops.run_pair (
    run_id bigint not null references ops.run on delete cascade,
    period_code text not null,
    scope_key text not null,
    primary key (run_id, period_code, scope_key)
);
comment on table ops.run_pair is 'One (period, scope) that a run recomputes. A full run lists them all.';

create view ops.open_run as
select run_id, is_full, data_to_period, known_at from ops.run where state in ('building', 'validated');
comment on view ops.open_run is 'The run being built: at most one row.';

create view ops.open_pair as
select p.period_code, p.scope_key from ops.run_pair as p inner join ops.open_run as r using (run_id);
comment on view ops.open_pair is 'The (period, scope) set of the run being built.';

create table ops.validation_result (
    run_id bigint,
    gate text not null check (gate in ('raw', 'marts')),
    rule_code text not null,
    severity text not null check (severity in ('error', 'warning')),
    is_success boolean not null,
    checked_count bigint,
    unexpected_count bigint not null,
    detail jsonb not null,
    validated_at timestamptz not null default clock_timestamp()
);
comment on table ops.validation_result is 'One expectation of one gate in one validation.';
create index on ops.validation_result (validated_at);

create table ops.publication (
    publication_no bigint primary key,
    run_id bigint not null references ops.run,
    published_at timestamptz not null default clock_timestamp(),
    known_at timestamptz not null,
    data_to_period text not null,
    code_version text not null,
    seeds_hash text not null,
    row_counts jsonb not null
);
comment on table ops.publication is 'One numbered state of the published tables.';

create table ops.shown (
    only_row boolean primary key default true check (only_row),
    publication_no bigint not null references ops.publication
);
comment on table ops.shown is 'The publication that dashboards show. One row; rollback moves it.';

grant select on all tables in schema ops to tiendo_builder, tiendo_publisher, tiendo_loader;
grant insert, update on ops.run to tiendo_builder;
grant insert, delete on ops.run_pair to tiendo_builder;
grant insert on ops.validation_result to tiendo_builder, tiendo_loader;
grant update on ops.run to tiendo_publisher;
grant insert, update, delete on ops.publication, ops.shown to tiendo_publisher;
grant select, insert, update, delete on all tables in schema raw to tiendo_loader;
grant select on all tables in schema raw to tiendo_builder, tiendo_publisher;
"""


def upgrade() -> None:
    """Make raw and ops."""
    op.execute(RAW)
    op.execute(OPS)


def downgrade() -> None:
    """Take raw and ops away, with all that was received."""
    op.execute(
        """
        drop view ops.open_pair, ops.open_run;
        drop table ops.shown, ops.publication, ops.validation_result, ops.run_pair, ops.run;
        drop table raw.problem, raw.reported_text, raw.reported_value, raw.submission;
        """
    )
