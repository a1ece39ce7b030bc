"""Make a room beside the marts for what is rebuilt as it was known on an earlier day, and keep each state of the seeds.

A state is kept once, by its hash, so that a publication's targets and cards stay with it.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OPS = """
alter table ops.run add column room text not null default 'marts' check (room in ('marts', 'asof'));
comment on column ops.run.room is 'marts, or asof for a rebuild of how things were known on an earlier day.';
alter table ops.run drop constraint run_state_check;
alter table ops.run add constraint run_state_check
check (state in ('building', 'built', 'validated', 'published', 'failed', 'abandoned'));
drop index ops.only_one_open_run;
create unique index only_one_open_run on ops.run (room) where state in ('building', 'validated');

create or replace view ops.open_run as
select run_id, is_full, data_to_period, known_at from ops.run
where state in ('building', 'validated') and room = 'marts';

create view ops.asof_run as
select run_id, is_full, data_to_period, known_at from ops.run where state = 'building' and room = 'asof';
comment on view ops.asof_run is 'The rebuild of an earlier knowledge that is under way: at most one row.';
create view ops.asof_pair as
select p.period_code, p.scope_key from ops.run_pair as p inner join ops.asof_run as r using (run_id);
comment on view ops.asof_pair is 'The (period, scope) set of that rebuild.';
grant select on ops.asof_run, ops.asof_pair to tiendo_builder, tiendo_publisher, tiendo_loader;

create table ops.seed_file (
    seeds_hash text not null,
    file_name text not null,
    content text not null,
    primary key (seeds_hash, file_name)
);
comment on table ops.seed_file is 'One seed of one state of the programme, as a run found it. Publications name it.';
grant select, insert on ops.seed_file to tiendo_builder;
grant select on ops.seed_file to tiendo_publisher;

-- Who writes much brings its statistics up to date: a plan made without them took minutes.
grant maintain on table raw.submission, raw.reported_value to tiendo_loader;
grant maintain on table ops.run_pair to tiendo_builder;
"""


def upgrade() -> None:
    """Make the room and the keeping of seeds."""
    op.execute(OPS)


def downgrade() -> None:
    """Take both away, with what was rebuilt and kept."""
    op.execute(
        """
        revoke maintain on table raw.submission, raw.reported_value from tiendo_loader;
        revoke maintain on table ops.run_pair from tiendo_builder;
        drop view ops.asof_pair, ops.asof_run;
        drop table ops.seed_file;
        delete from ops.run where room = 'asof';
        drop view ops.open_pair, ops.open_run;
        drop index ops.only_one_open_run;
        alter table ops.run drop column room;
        alter table ops.run drop constraint run_state_check;
        alter table ops.run add constraint run_state_check
        check (state in ('building', 'validated', 'published', 'failed', 'abandoned'));
        create unique index only_one_open_run on ops.run ((true)) where state in ('building', 'validated');
        create view ops.open_run as
        select run_id, is_full, data_to_period, known_at from ops.run where state in ('building', 'validated');
        create view ops.open_pair as
        select p.period_code, p.scope_key from ops.run_pair as p inner join ops.open_run as r using (run_id);
        grant select on ops.open_run, ops.open_pair to tiendo_builder, tiendo_publisher, tiendo_loader;
        """
    )
