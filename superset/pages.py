"""Templates with their words filled in, and what a page of Handlebars uses.

In: the files under templates/, labels.yml, the seeds term.csv and status.csv. Out: text, and specs as mappings.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import yaml

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "templates"
MUSTACHE = re.compile(r"\{\{([^}]*)\}\}")
NAME = re.compile(r"[a-z_][a-z0-9_]*")
# Words of Handlebars and of the helpers that Superset registers; everything else in braces is a column.
HELPERS = {"each", "if", "unless", "else", "floor", "group", "by", "items", "data", "this"}
GROUPED_BY = re.compile(r"by=\"(\w+)\"")

Asset = dict[str, Any]


class TemplateError(Exception):
    """A template names something that is not there."""


class Renderer:
    """Fills words into templates. The marks are [[ ]] because {{ }} belongs to Handlebars."""

    def __init__(self, seeds: Path, language: str) -> None:
        self._jinja = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            undefined=jinja2.StrictUndefined,
            variable_start_string="[[",
            variable_end_string="]]",
            block_start_string="[%",
            block_end_string="%]",
            comment_start_string="[#",
            comment_end_string="#]",
            keep_trailing_newline=True,
            autoescape=False,  # noqa: S701  the texts are ours; what comes from the data is escaped by Handlebars
        )
        labels = yaml.safe_load((HERE / "labels.yml").read_text(encoding="utf-8"))
        statuses = sorted(_rows(seeds / "status.csv"), key=lambda row: int(row["display_order"]))
        self._words: dict[str, Any] = {
            "label": {name: text[language] for name, text in labels.items()},
            "term": {row["term_code"].replace(".", "_"): row[language] for row in _rows(seeds / "term.csv")},
            "status_codes": ", ".join(f"'{row['status_code']}'" for row in statuses),
        }

    def text(self, name: str) -> str:
        """A template by its path under templates/, with the words filled in."""
        try:
            return self._jinja.get_template(name).render(self._words)
        except (jinja2.UndefinedError, jinja2.TemplateNotFound) as error:
            raise TemplateError(f"{name}: {error}; words are in labels.yml and in the seed term.csv") from error

    def specs(self, kind: str) -> dict[str, Asset]:
        """All yml templates of a kind, by name."""
        paths = sorted((TEMPLATES / kind).glob("*.yml"))
        return {path.stem: yaml.safe_load(self.text(f"{kind}/{path.name}")) for path in paths}


def names_in_page(page: str) -> set[str]:
    """The columns that a Handlebars page uses."""
    braces = MUSTACHE.findall(page)
    grouped = {name for inside in braces for name in GROUPED_BY.findall(inside)}
    plain = (re.sub(r"\"[^\"]*\"|@\w+|this\.\w+", "", inside) for inside in braces)
    return grouped | {name for inside in plain for name in NAME.findall(inside)} - HELPERS


def one_line(page: str) -> str:
    """The page without line ends: Superset reads it as Markdown, where indents and blank lines have a meaning."""
    return " ".join(line.strip() for line in page.splitlines() if line.strip())


def known(name: str, assets: Mapping[str, Asset], where: str) -> Asset:
    """The asset of that name, or an error with the names there are."""
    if name not in assets:
        raise TemplateError(f"{where} names {name}; there are: {', '.join(sorted(assets))}")
    return assets[name]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
