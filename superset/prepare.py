"""Make Superset's own database ready: tables, permissions, roles, accounts.

In: the environment that superset_config reads, TIENDO_<ACCOUNT>_PASSWORD, and the file TIENDO_UNIT_ACCOUNTS. Out: the
database `superset` at the newest revision, with the accounts `engineer`, `evaluator`, `leader` and one a unit. Safe to
run again: what is there is kept. An account gets the password of the environment or the file where it was not given
that one last: what somebody has changed or switched off since stays so. One process and one application, because each
start costs seconds.
"""

# ruff: noqa: PLC0415  Superset's models can be imported only after its application is made

from __future__ import annotations

import json
import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from account_passwords import Given
from superset.app import create_app

logger = logging.getLogger("tiendo.superset.prepare")

# What a leader and a unit may do, beside reading the datasets that import_assets grants to it.
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
    roles: tuple[str, ...]

    @property
    def password(self) -> str:
        """The generated password."""
        variable = f"TIENDO_{self.username.upper()}_PASSWORD"
        try:
            return os.environ[variable]
        except KeyError as error:
            raise PrepareError(f"{variable} is not set: there are no default passwords") from error


VIEWERS = ("leader", "unit")
ACCOUNTS = (
    Account("engineer", ("Admin",)),
    # Superset's own roles let explore and ask; the import says what may be read.
    Account("evaluator", ("Gamma", "sql_lab", "evaluator")),
    Account("leader", ("leader",)),
)
# What hashing slowly protects is a password that can be guessed. A unit's has 144 random bits, and there are 150.
UNIT_HASH = "pbkdf2:sha256:10000"


def unit_accounts() -> dict[str, str]:
    """The passwords of the units' accounts by user name, which is the unit's database login too."""
    try:
        text = Path(os.environ["TIENDO_UNIT_ACCOUNTS"]).read_text(encoding="utf-8")
    except (KeyError, FileNotFoundError) as error:
        raise PrepareError("TIENDO_UNIT_ACCOUNTS names no file: the units' accounts are made at start") from error
    found: dict[str, str] = json.loads(text)
    return found


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
    """Superset's own permissions and roles, and ours; grants made by the import are kept."""
    from superset.extensions import appbuilder, db, security_manager

    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()
    wanted = [security_manager.add_permission_view_menu(*name) for name in VIEWER_PERMISSIONS]
    for name in VIEWERS:
        role = security_manager.add_role(name)
        granted = [view for view in role.permissions if view.permission.name == "datasource_access"]
        role.permissions = [*wanted, *granted]
    security_manager.add_role("evaluator")
    db.session.commit()


def prepare_accounts(given: Given) -> None:
    """Each account with its roles, and the password of the environment where that is a new one."""
    from superset.extensions import db, security_manager
    from werkzeug.security import generate_password_hash

    for account in ACCOUNTS:
        roles = [security_manager.find_role(name) for name in account.roles]
        user = security_manager.find_user(username=account.username)
        if user is None:
            name = account.username
            mail = f"{name}@tiendo.invalid"
            user = security_manager.add_user(name, name.capitalize(), "tiendo", mail, roles, account.password)
            if not user:
                raise PrepareError(f"the account {name} could not be made; the lines above say why")
        elif given.is_new(account.username, account.password):
            # Not by Superset's own reset_password, which does not tell when the database refuses it.
            user.password = generate_password_hash(account.password)
        given.note(account.username, account.password)
        user.roles = roles
    db.session.commit()


def prepare_unit_accounts(passwords: dict[str, str], given: Given) -> None:
    """One account a unit, all in one transaction; those of units that are no more cannot sign in."""
    from superset.extensions import db, security_manager
    from werkzeug.security import generate_password_hash

    role = security_manager.find_role("unit")
    known = {user.username: user for user in db.session.query(security_manager.user_model) if role in user.roles}
    for name, password in passwords.items():
        user = known.get(name)
        # A unit that comes back may sign in again; an account that somebody switched off stays so.
        opened = user is None or not given.knows(name)
        if user is None:
            mail = f"{name}@tiendo.invalid"
            user = security_manager.user_model(username=name, first_name=name, last_name="tiendo", email=mail)
            db.session.add(user)
        if given.is_new(name, password) or not user.password:
            user.password = generate_password_hash(password, UNIT_HASH)
        given.note(name, password)
        if opened:
            user.active = True
        user.roles = [role]
    for name in known.keys() - passwords.keys():
        known[name].active = False
        given.forget(name)
    db.session.commit()


def main() -> int:
    """All steps, with the time of each in the log."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    for account in ACCOUNTS:
        _ = account.password  # before any work, so that a missing one costs nothing
    units = unit_accounts()
    logger.info("starting")
    app = create_app()
    with app.app_context():
        from superset.extensions import db

        logger.info("tables: %s", "migrated" if migrate(app) else "already at head")
        prepare_roles()
        logger.info("roles are ready")
        given = Given(db.session, os.environ["SUPERSET_SECRET_KEY"])
        prepare_accounts(given)
        prepare_unit_accounts(units, given)
        logger.info("accounts are ready, %d of units", len(units))
    return 0


if __name__ == "__main__":
    sys.exit(main())
