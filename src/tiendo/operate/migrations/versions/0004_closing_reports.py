from alembic import op
revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table raw.submission add covers_from date, add covers_to date")


def downgrade() -> None:
    op.execute("alter table raw.submission drop covers_from, drop covers_to")
