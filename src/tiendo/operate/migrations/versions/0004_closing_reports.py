"""A report may speak of a part of its period: the closing report of a unit that ended, and its successor's first."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COVERS = """
alter table raw.submission add covers_from date, add covers_to date;
comment on column raw.submission.covers_from is 'First day its numbers speak of; null for the whole period.';
comment on column raw.submission.covers_to is 'Last day its numbers speak of; that of its unit in a closing report.';
"""


def upgrade() -> None:
    """Add the days a report covers."""
    op.execute(COVERS)


def downgrade() -> None:
    """Take the days off again: closing reports are then told by their unit alone."""
    op.execute("alter table raw.submission drop covers_from, drop covers_to;")
