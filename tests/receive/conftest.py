"""The programme that the tests of this room read and write forms of."""

from pathlib import Path

import pytest

from tiendo.programme import Programme

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"


@pytest.fixture(scope="session")
def programme() -> Programme:
    return Programme.read(SEEDS)
