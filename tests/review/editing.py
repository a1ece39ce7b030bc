"""Seeds of a copied programme, edited row by row as a person edits them: cells by name, the others left empty."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

LANTERN = Path(__file__).parents[1] / "programmes" / "lantern"


def copy_programme(source: Path, folder: Path) -> Path:
    """A copy of a folder of seeds."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in sorted(source.glob("*.csv")):
        shutil.copyfile(path, folder / path.name)
    return folder


def columns_of(folder: Path, seed: str) -> list[str]:
    """The columns of a seed."""
    with (folder / f"{seed}.csv").open(encoding="utf-8", newline="") as handle:
        return next(csv.reader(handle))


def append(folder: Path, seed: str, **cells: str) -> None:
    """Append a row; a cell whose column is not there is an error, a column that is not named stays empty."""
    columns = columns_of(folder, seed)
    assert set(cells) <= set(columns), f"{seed}: {set(cells) - set(columns)}"
    with (folder / f"{seed}.csv").open("a", encoding="utf-8", newline="") as handle:
        csv.DictWriter(handle, columns, restval="", lineterminator="\n").writerow(cells)


def rewrite(folder: Path, seed: str, key: dict[str, str], **cells: str) -> None:
    """Change cells of the one row in which the columns of `key` hold its values."""
    path = folder / f"{seed}.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    found = [row for row in rows if all(row[column] == value for column, value in key.items())]
    assert len(found) == 1, (seed, key, len(found))
    found[0].update(cells)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
