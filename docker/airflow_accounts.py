"""Airflow's own account, the engineer's, with the password of the environment. Run by `init` after the migrations.

In: TIENDO_ENGINEER_PASSWORD. Out: an account with the role Admin; run again it sets the password anew where that of the
environment has changed, and what the engineer has changed on the page since stays.
The command line of the provider would take the password as a word, which every process list shows.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
from airflow.utils.providers_configuration_loader import providers_configuration_loaded

# Superset's room keeps the note of passwords, and is no package.
sys.path.append(str(Path(__file__).parents[1] / "superset"))
from account_passwords import Given

NAME = "engineer"


@providers_configuration_loaded
def main() -> int:
    """Make the account, or its role and its password anew."""
    password = os.environ["TIENDO_ENGINEER_PASSWORD"]
    with get_application_builder() as builder:
        manager = builder.sm
        manager.sync_roles()
        given = Given(manager.session, os.environ["AIRFLOW__API__SECRET_KEY"])
        if not bring(manager, password, is_new=given.is_new(NAME, password)):
            sys.stderr.write(
                f"Airflow: không tạo hay đổi được tài khoản {NAME}; các dòng trên nói vì sao.\n"
                f"        Airflow: the account {NAME} could not be made or changed; the lines above say why.\n"
            )
            return 3
        given.note(NAME, password)
        manager.session.commit()
    return 0


def bring(manager: Any, password: str, *, is_new: bool) -> bool:
    """The account with its role, and with the password where that is a new one; False where the database refused it."""
    user, role = manager.find_user(username=NAME), manager.find_role("Admin")
    if user is None:
        return bool(manager.add_user(NAME, NAME.capitalize(), "tiendo", f"{NAME}@tiendo.invalid", role, password))
    user.roles = [role]
    return bool(manager.update_user(user) and (not is_new or manager.reset_password(user.id, password)))


if __name__ == "__main__":
    sys.exit(main())
