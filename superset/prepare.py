"""Make Superset's own database ready: tables, permissions, roles, accounts.

In: the environment that superset_config reads, and TIENDO_ENGINEER_PASSWORD, TIENDO_LEADER_PASSWORD. Out: the database
`superset` at the newest revision, with the accounts `engineer` and `leader`. Safe to run again: what is there is kept,
and an account gets the password of the environment. One process and one application, because each start costs seconds.
"""

# ruff: noqa: PLC0415  Superset's models can be imported only after its application is made

from __future__ import annotations

import logging
import os
import sys
from dataclasses import dataclass
from typing import Any

from superset.app import create_app

logger = logging.getLogger("tiendo.superset.prepare")

# What the leader's role may do, beside reading the datasets that import_assets grants to it.
VIEWER_PERMISSIONS = (
    ("can_read", "Dashboard"),
    ("can_read", "Chart"),
    ("can_read", "CurrentUserRestApi"),
    ("can_read", "DashboardFilterStateRestApi"),
    ("can_write", "DashboardFilterStateRestApi"),
    ("can_read", "DashboardPermalinkRestApi"),
    ("can_read", "Theme"),
    ("can_dashboard", "Superset"),
    ("can_dashboard_permalink", "Superset"),
    ("can_slice", "Superset"),
    ("can_explore_json", "Superset"),
    ("can_time_range", "Api"),
    ("can_query", "Api"),
    ("can_query_form_data", "Api"),
    ("can_get", "Datasource"),
    ("can_export", "Chart"),
    ("can_csv", "Superset"),
    ("can_log", "Superset"),
    ("menu_access", "Dashboards"),
)


class PrepareError(Exception):
    """Something that preparing needs is missing."""


@dataclass(frozen=True)
class Account:
    """One person's login; the password comes from the environment."""

    username: str
    role: str

    @property
    def password(self) -> str:
        """The generated password."""
        variable = f"TIENDO_{self.username.upper()}_PASSWORD"
        try:
            return os.environ[variable]
        except KeyError as error:
            raise PrepareError(f"{variable} is not set: there are no default passwords") from error


ACCOUNTS = (Account("engineer", "Admin"), Account("leader", "leader"))


def migrate(app: Any) -> bool:
    """Bring the tables to the newest revision; False when they are there already."""
    from alembic import command
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from superset.extensions import db
    from superset.extensions import migrate as extension

    config = extension.get_config()
    with db.engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == ScriptDirectory.from_config(config).get_current_head():
        return False
    with app.app_context():
        command.upgrade(config, "head")
    db.session.remove()
    # The migrations' own logging set-up switches off every logger it does not know.
    logger.disabled = False
    logger.setLevel(logging.INFO)
    return True


def prepare_roles() -> None:
    """Superset's own permissions and roles, and the leader's role; grants made by the import are kept."""
    from superset.extensions import appbuilder, db, security_manager

    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    leader = security_manager.add_role("leader")
    wanted = [security_manager.add_permission_view_menu(*name) for name in VIEWER_PERMISSIONS]
    granted = [view for view in leader.permissions if view.permission.name == "datasource_access"]
    leader.permissions = [*wanted, *granted]
    db.session.commit()


def prepare_accounts() -> None:
    """Each account with its role and the password of the environment."""
    from superset.extensions import db, security_manager
    from werkzeug.security import check_password_hash

    for account in ACCOUNTS:
        role = security_manager.find_role(account.role)
        user = security_manager.find_user(username=account.username)
        if user is None:
            name = account.username
            mail = f"{name}@tiendo.invalid"
            user = security_manager.add_user(name, name.capitalize(), "tiendo", mail, role, account.password)
            if not user:
                raise PrepareError(f"the account {name} could not be made; the lines above say why")
        elif not check_password_hash(user.password, account.password):
            security_manager.reset_password(user.id, account.password)
        user.roles = [role]
    db.session.commit()


def main() -> int:
    """All steps, with the time of each in the log."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    for account in ACCOUNTS:
        _ = account.password  # before any work, so that a missing one costs nothing
    logger.info("starting")
    app = create_app()
    with app.app_context():
        logger.info("tables: %s", "migrated" if migrate(app) else "already at head")
        prepare_roles()
        logger.info("roles are ready")
        prepare_accounts()
        logger.info("accounts are ready")
    return 0


if __name__ == "__main__":
    sys.exit(main())
