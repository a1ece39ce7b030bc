"""The accounts of people are the same in rooms that may not import each other: settings.ACCOUNTS says which.

One that superset/prepare.py makes and docker/oidc.py does not know could be taken by somebody of the identity provider.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from tiendo.operate import airflow_settings, identity_provider, unit_logins
from tiendo.operate.settings import ACCOUNTS

ROOT = Path(__file__).parents[2]


def constants(path: str) -> dict[str, Any]:
    """What a module says by literals; a call of a class of its own is the list of its arguments."""
    found: dict[str, Any] = {}
    for node in ast.parse((ROOT / path).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = Bare().visit(node.value)
            try:
                found[node.targets[0].id] = ast.literal_eval(value)
            except ValueError:
                continue
    return found


class Bare(ast.NodeTransformer):
    """Account("a", ("b",)) as ("a", ("b",))."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return ast.Tuple(node.args, ast.Load())


def test_every_room_has_the_same_accounts_with_the_same_roles() -> None:
    made = dict(constants("superset/prepare.py")["ACCOUNTS"])
    provider = constants("docker/oidc.py")
    assert tuple(made) == provider["OURS"] == ACCOUNTS
    assert {name: list(roles) for name, roles in made.items()} == provider["SUPERSET_ROLES"]
    assert {*provider["SUPERSET_ROLES"], *provider["AIRFLOW_ROLES"]} == set(identity_provider.ROLES)
    assert provider["UNITS"] == f"{unit_logins.UNIT_ROLE}_"
    assert provider["UNIT_ROLE"] == constants("superset/superset_config.py")["UNIT_ROLE"]


def test_who_is_named_alone_is_one_of_them() -> None:
    engineers = {
        airflow_settings.ENGINEER,
        constants("docker/airflow_accounts.py")["NAME"],
        constants("superset/import_assets.py")["IMPORTER"],
    }
    assert {*engineers, constants("superset/questions.py")["ASKER"]} <= set(ACCOUNTS)
    assert len(engineers) == 1


def test_the_commands_tell_and_renew_the_passwords_of_all() -> None:
    text = (ROOT / "docker" / "stack").read_text(encoding="utf-8")
    assert f'names="{ACCOUNTS}"' in text
    assert f" in {' | '.join(ACCOUNTS)})" in text
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"TIENDO_(\w+)_PASSWORD=", example)) >= {name.upper() for name in ACCOUNTS}
