"""Give the store every version of a target: a review reads the one of its day, and shows what changed since."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STORE = """
create table store.dim_target_version (
    indicator_code text not null,
    scope_key text not null,
    valid_from date not null,
    known_from date not null,
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
    version_no integer,
    target_vi text,
    target_en text,
    pub_from bigint not null,
    pub_to bigint not null default 9223372036854775807,
    primary key (indicator_code, scope_key, valid_from, known_from, pub_from)
);
create view published.dim_target_version with (security_barrier) as
select
    t.indicator_code, t.scope_key, t.valid_from, t.known_from, t.target_value, t.target_high, t.baseline_value,
    t.baseline_state, t.baseline_period, t.target_period, t.path_kind, t.season_code, t.path_basis, t.path_approved_by,
    t.path_note_vi, t.path_note_en, t.version_no, t.target_vi, t.target_en
from store.dim_target_version as t
inner join ops.shown on t.pub_from <= shown.publication_no and t.pub_to > shown.publication_no;
grant select on published.dim_target_version to tiendo_reader;
alter view published.dim_target_version owner to tiendo_view;
grant select, insert, update, delete on store.dim_target_version to tiendo_publisher;
grant select on store.dim_target_version to tiendo_view;
call ops.set_row_rules();
"""


def upgrade() -> None:
    """Make the table, its view and its row rule."""
    op.execute(STORE)


def downgrade() -> None:
    """There is no way back by itself: restore the backup that was taken before the upgrade."""
    raise RuntimeError("0010 cannot be taken back; restore the backup taken before it / hãy khôi phục bản sao lưu")
