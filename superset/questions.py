"""The questions that evaluators find saved in SQL Lab: Superset shows one to its owner alone, so each has a copy.

In: an account, and the questions by the generator's UUID, or as they lie before the account `evaluator`. Out: rows of
Superset's own database. The import lays them before everybody who evaluates; docker/oidc.py before who comes later.
"""

# ruff: noqa: PLC0415  Superset's models can be imported only after its application is made

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

ASKER = "evaluator"
# A UUID of the generator is made from a name, and so is a copy's; one of a person's question is drawn by chance.
MADE_BY_NAME = 5
FIELDS = ("label", "description", "schema", "sql")


def uuid_of(question: UUID, owner: str) -> UUID:
    """A copy's own: Superset has each UUID once."""
    return question if owner == ASKER else uuid5(question, owner)


def lay_before(owner: Any, questions: Mapping[UUID, Mapping[str, Any]], warehouse: int) -> None:
    """One copy each; one of ours that is among them no more goes, one that a person saved stays. Not committed."""
    from superset.extensions import db
    from superset.models.sql_lab import SavedQuery

    wanted = {uuid_of(uuid, owner.username): asset for uuid, asset in questions.items()}
    for found in db.session.query(SavedQuery).filter(SavedQuery.user_id == owner.id):
        if found.uuid in wanted:
            _fill(found, wanted.pop(found.uuid))
        elif found.uuid.version == MADE_BY_NAME:
            db.session.delete(found)
    for uuid, asset in wanted.items():
        question = SavedQuery(uuid=uuid, user_id=owner.id, created_by_fk=owner.id, db_id=warehouse)
        _fill(question, asset)
        db.session.add(question)


def hand_on(owner: Any) -> None:
    """Lay before a new account what lies before the account `evaluator`."""
    from superset.extensions import db, security_manager
    from superset.models.sql_lab import SavedQuery

    asker = security_manager.find_user(username=ASKER)
    theirs = db.session.query(SavedQuery).filter(SavedQuery.user_id == asker.id).all() if asker else []
    ours = [found for found in theirs if found.uuid.version == MADE_BY_NAME]
    if ours:
        questions = {found.uuid: {name: getattr(found, name) for name in FIELDS} for found in ours}
        lay_before(owner, questions, ours[0].db_id)
        db.session.commit()


def _fill(question: Any, asset: Mapping[str, Any]) -> None:
    for name in FIELDS:
        setattr(question, name, asset[name])
