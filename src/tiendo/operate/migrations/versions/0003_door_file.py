"""Remember which files of the doors were already collected, so that looking again costs one stat a file."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DOOR_FILE = """
create table raw.door_file (
    file_path bytea primary key,
    byte_count bigint not null,
    modified_ns bigint not null,
    sha256 text not null references raw.submission (sha256)
);
comment on table raw.door_file is 'One file at a door, as last collected: unchanged size and time mean nothing new.';
comment on column raw.door_file.file_path is 'Door and file name as the file system has them; they need not be UTF-8.';
grant select, insert, update, delete on raw.door_file to tiendo_loader;
"""


def upgrade() -> None:
    """Make raw.door_file."""
    op.execute(DOOR_FILE)


def downgrade() -> None:
    """Forget what was collected; the next collect looks at every file again."""
    op.execute("drop table raw.door_file;")
