"""Airflow's own account, the engineer's, with the password of the environment. Run by `init` after the migrations.

In: TIENDO_ENGINEER_PASSWORD. Out: an account with the role Admin; run again it sets the password anew where that of the
environment has changed, and what the engineer has changed on the page since stays.
The command line of the provider would take the password as a word, which every process list shows.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

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
        is_new = Given(manager.session, os.environ["AIRFLOW__API__SECRET_KEY"]).is_new(NAME, password)
        user, role = manager.find_user(username=NAME), manager.find_role("Admin")
        if user is None:
            if not manager.add_user(NAME, NAME.capitalize(), "tiendo", f"{NAME}@tiendo.invalid", role, password):
                sys.stderr.write(f"Airflow: không tạo được tài khoản / the account could not be made: {NAME}\n")
                return 3
            return 0
        user.roles = [role]
        manager.update_user(user)
        if is_new:
            manager.reset_password(user.id, password)
    return 0


if __name__ == "__main__":
    sys.exit(main())
