"""Import the generated assets into Superset, and say who may read which rows of them.

In: a folder written by generate.py, and the environment that superset_config reads. Out: Superset's own database holds
exactly these assets: what is there is overwritten, what the folder no longer has is removed (only what is marked as
managed externally; what a person made stays), an invalid asset raises and nothing is imported.

    <superset environment>/bin/python superset/import_assets.py DIR
"""

# ruff: noqa: PLC0415  Superset's models can be imported only after its application is made

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from questions import ASKER, lay_before
from superset.app import create_app

logger = logging.getLogger("tiendo.superset.import")

IMPORTER = "engineer"
QUESTIONS = "questions/"
# The datasets that a unit's account may ask.
UNIT_DATASETS = "unit_datasets.yaml"
# The database has the same rule for the unit's own login (docs/decisions/0012), for every query. The
# clause holds the user's name, and so does the key of every cached answer.
OWN = "select login.unit_key from published.unit_login as login where login.login = '{{ current_username() }}'"
UNIT_RULES = {
    "unit_key": f"unit_key in ({OWN})",
    "scope_key": f"scope_key = 'nation' or scope_key in ({OWN})",
}


class ImportAssetsError(Exception):
    """The folder cannot be imported; the message names file and fault."""


def read_folder(folder: Path) -> dict[str, str]:
    """Text of each file by its path in the folder."""
    paths = [path for path in sorted(folder.rglob("*.yaml")) if path.is_file()]
    if not (folder / "metadata.yaml").is_file():
        raise ImportAssetsError(f"{folder} has no metadata.yaml: it was not written by generate.py")
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def require_links(contents: dict[str, str]) -> None:
    """Raise when a file names an asset that the folder does not hold: the importer would pass over some of these."""
    assets = {path: yaml.safe_load(text) for path, text in contents.items() if "/" in path}
    known = {asset["uuid"] for asset in assets.values()}
    for path, asset in assets.items():
        named = [asset.get("database_uuid"), asset.get("dataset_uuid")]
        named += [part["meta"].get("uuid") for part in _charts(asset)]
        for uuid in filter(None, named):
            if uuid not in known:
                raise ImportAssetsError(f"{path} names {uuid}, which no file of the folder holds")


def _charts(asset: dict[str, Any]) -> list[dict[str, Any]]:
    parts = (asset.get("position") or {}).values()
    return [part for part in parts if isinstance(part, dict) and part["type"] == "CHART"]


def import_contents(contents: dict[str, str]) -> None:
    """Import everything in one transaction, as the importing account."""
    from superset.commands.exceptions import CommandInvalidError, ImportFailedError
    from superset.commands.importers.v1.assets import ImportAssetsCommand

    try:
        ours = {path for path in contents if path.startswith(QUESTIONS) or path == UNIT_DATASETS}
        ImportAssetsCommand({path: text for path, text in contents.items() if path not in ours}).run()
    except ImportFailedError as error:
        # Superset hides the fault in the cause of a general error.
        cause = error.__cause__ or error
        fault = cause.normalized_messages() if isinstance(cause, CommandInvalidError) else cause
        raise ImportAssetsError(f"nothing was imported: {fault}") from error


def prune(contents: dict[str, str]) -> list[str]:
    """Remove managed assets that the folder no longer holds; their names."""
    from superset.connectors.sqla.models import SqlaTable
    from superset.extensions import db
    from superset.models.core import Database
    from superset.models.dashboard import Dashboard
    from superset.models.slice import Slice

    kept = {yaml.safe_load(text)["uuid"] for path, text in contents.items() if "/" in path}
    gone = []
    for model in (Dashboard, Slice, SqlaTable, Database):
        for found in db.session.query(model).filter(model.is_managed_externally.is_(True)):
            if str(found.uuid) not in kept:
                gone.append(f"{model.__name__} {found}")
                db.session.delete(found)
        db.session.flush()
    db.session.commit()
    return gone


def save_questions(contents: dict[str, str]) -> None:
    """Lay the questions before everybody who evaluates."""
    from superset.extensions import db, security_manager
    from superset.models.core import Database

    role = _role(ASKER)
    warehouse = db.session.query(Database).filter(Database.is_managed_externally.is_(True)).one()
    assets = (yaml.safe_load(text) for path, text in contents.items() if path.startswith(QUESTIONS))
    questions = {UUID(asset["uuid"]): asset for asset in assets}
    for user in db.session.query(security_manager.user_model):
        if role in user.roles:
            lay_before(user, questions, warehouse.id)
    db.session.commit()


def datasets_of(contents: dict[str, str]) -> list[Any]:
    """The folder's datasets, as Superset has them."""
    from superset.connectors.sqla.models import SqlaTable
    from superset.extensions import db

    uuids = [yaml.safe_load(text)["uuid"] for path, text in contents.items() if path.startswith("datasets/")]
    found: list[Any] = db.session.query(SqlaTable).filter(SqlaTable.uuid.in_(uuids)).all()
    return found


def grant(datasets: list[Any], of_units: set[str]) -> None:
    """Let leaders read these datasets, units those of their pages, evaluators the schema; none that was there."""
    from superset.extensions import db, security_manager

    each = [security_manager.add_permission_view_menu("datasource_access", found.get_perm()) for found in datasets]
    # SQL Lab names the database's default catalog, datasets none.
    schemas = {found.get_schema_perm() for found in datasets} | {
        security_manager.get_schema_perm(str(found.database), found.database.get_default_catalog(), found.schema)
        for found in datasets
    }
    whole = [security_manager.add_permission_view_menu("schema_access", name) for name in sorted(filter(None, schemas))]
    by_uuid = dict(zip((str(found.uuid) for found in datasets), each, strict=True))
    _allow("leader", "datasource_access", each)
    _allow("unit", "datasource_access", [view for uuid, view in by_uuid.items() if uuid in of_units])
    _allow(ASKER, "schema_access", whole)
    db.session.commit()


def _allow(name: str, permission: str, views: list[Any]) -> None:
    role = _role(name)
    others = [view for view in role.permissions if view.permission.name != permission]
    if {view.id for view in role.permissions} != {view.id for view in [*others, *views]}:
        role.permissions = [*others, *views]


def _role(name: str) -> Any:
    from superset.extensions import security_manager

    role = security_manager.find_role(name)
    if role is None:
        raise ImportAssetsError(f"the role {name} is not there: run prepare.py first")
    return role


def restrict(datasets: list[Any]) -> None:
    """One row-level rule a column that tells units apart, on every dataset that has it, for the units' role."""
    from superset.connectors.sqla.models import RowLevelSecurityFilter
    from superset.extensions import db
    from superset.utils.core import RowLevelSecurityFilterType

    unit = _role("unit")
    known = {rule.name: rule for rule in db.session.query(RowLevelSecurityFilter)}
    for column, clause in UNIT_RULES.items():
        name = f"unit: {column}"
        rule = known.get(name) or RowLevelSecurityFilter(name=name)
        rule.filter_type = RowLevelSecurityFilterType.REGULAR
        rule.group_key, rule.clause, rule.roles = "unit", clause, [unit]
        rule.tables = [found for found in datasets if column in found.column_names]
        db.session.add(rule)
    db.session.commit()


def main(arguments: list[str] | None = None) -> int:
    """Import, prune, grant, restrict, lay out questions."""
    parser = argparse.ArgumentParser(description="Import the generated assets into Superset.")
    parser.add_argument("folder", type=Path, help="folder written by generate.py")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    contents = read_folder(given.folder)
    require_links(contents)
    app = create_app()
    with app.test_request_context():
        from superset.extensions import security_manager
        from superset.utils.core import override_user

        user = security_manager.find_user(username=IMPORTER)
        if user is None:
            raise ImportAssetsError(f"the account {IMPORTER} is not there: run prepare.py first")
        with override_user(user):
            import_contents(contents)
            gone = prune(contents)
            datasets = datasets_of(contents)
            grant(datasets, set(yaml.safe_load(contents[UNIT_DATASETS])))
            restrict(datasets)
            save_questions(contents)
    logger.info("%d assets imported, %d removed %s", len(contents) - 2, len(gone), gone or "")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ImportAssetsError as refused:
        logger.error("%s", refused)  # noqa: TRY400  a sentence for a person; the trace adds nothing
        sys.exit(1)
