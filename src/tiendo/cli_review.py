"""The commands of the review room: each parses, calls the room and reports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tiendo import console
from tiendo.operate.settings import Settings
from tiendo.programme import Programme
from tiendo.review.handbook import write_handbook


def handbook(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where its two languages go.")]) -> None:
    """Write the handbook of measurement cards: a page a card, in Vietnamese and in English."""
    with console.exit_codes():
        written = write_handbook(Programme.read(Settings.read().programme_dir), folder)
    console.out.print(f"{len(written)} tệp / files: {folder}", soft_wrap=True)
