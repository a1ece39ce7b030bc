"""Bring the schemas raw, ops, store and published to the newest migration.

In: the owner's data source name and the migrations beside this module. Out: the revision the database is at now.
"""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy.exc import SQLAlchemyError

from tiendo.operate.errors import ServiceError

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(dsn: str, revision: str = "head") -> str | None:
    """Upgrade to `revision` as the role in `dsn` ('postgresql://tiendo_owner:…'); the newest revision known here."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["dsn"] = dsn.replace("postgresql://", "postgresql+psycopg://", 1)
    try:
        command.upgrade(config, revision)
    except (SQLAlchemyError, CommandError) as error:
        cause = getattr(error, "orig", None) or error
        raise ServiceError(f"không nâng cấp được cơ sở dữ liệu / a migration failed:\n    {cause}") from error
    head = ScriptDirectory.from_config(config).get_current_head()
    log.info("migrations at %s", head)
    return head
