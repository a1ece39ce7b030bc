"""Templates with their words filled in, and what a page of Handlebars uses.

In: the files under templates/, labels.yml, the seeds programme.csv, term.csv and status.csv. Out: text, and specs as
mappings. In the SQL of a dataset these write what is read in the language of the page: [[ number('v.value',
'i.decimals') ]], [[ day('t.day') ]], [[ moment('t.at') ]], [[ month('p.period_code') ]], [[ label.x | sql ]],
[[ term_of('state', 't.state') ]], [[ label_of('role', 'd.role') ]] and [[ status_of('p.status_code', 'name') ]].
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
# The first is the one that pages are written for first.
LANGUAGES = ("vi", "en")
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
        self._jinja.filters["sql"] = _quoted
        labels = yaml.safe_load((HERE / "labels.yml").read_text(encoding="utf-8"))
        self._language = language
        self._time_zone = _rows(seeds / "programme.csv")[0]["time_zone"]
        self._statuses = sorted(_rows(seeds / "status.csv"), key=lambda row: int(row["display_order"]))
        self._terms = {row["term_code"]: row[language] for row in _rows(seeds / "term.csv")}
        self._words: dict[str, Any] = {
            "language": language,
            "other_language": next(other for other in LANGUAGES if other != language),
            # The first language's pages have plain names; another's carry its code.
            "suffix": "" if language == LANGUAGES[0] else f"-{language}",
            "label": {name: text[language] for name, text in labels.items()},
            "term": {code.replace(".", "_"): word for code, word in self._terms.items()},
            "status_codes": ", ".join(f"'{row['status_code']}'" for row in self._statuses),
            "number": self._number,
            "day": self._day,
            "moment": self._moment,
            "month": self._month,
            "term_of": self._term_of,
            "label_of": self._label_of,
            "status_of": self._status_of,
        }
        self._labels = self._words["label"]

    def text(self, name: str) -> str:
        """A template by its path under templates/, with the words filled in."""
        try:
            return self._jinja.get_template(name).render(self._words)
        except (jinja2.UndefinedError, jinja2.TemplateNotFound) as error:
            raise TemplateError(f"{name}: {error}; words are in labels.yml and in the seed term.csv") from error

    def _number(self, column: str, decimals: str = "0") -> str:
        """SQL that writes a number as the language's readers do; a dash where there is none."""
        text = (
            f"to_char(round({column}, {decimals}), 'FM999,999,999,990' || "
            f"case when {decimals} > 0 then '.' || repeat('0', {decimals}) else '' end)"
        )
        if self._language == "vi":
            text = f"translate({text}, ',.', '.,')"
        return f"coalesce({text}, '—')"

    def _day(self, column: str) -> str:
        """SQL that writes a day."""
        return f"to_char({column}, '{'DD/MM/YYYY' if self._language == 'vi' else 'FMDD Mon YYYY'}')"

    def _moment(self, column: str) -> str:
        """SQL that writes the day and the minute of a moment, by the programme's clock."""
        local = f"{column} at time zone {_quoted(self._time_zone)}"
        return f"{self._day(local)} || ' ' || to_char({local}, 'HH24:MI')"

    def _month(self, column: str) -> str:
        """SQL that writes a period code such as 2025-07 as a month."""
        return f"(right({column}, 2) || '/' || left({column}, 4))"

    def _term_of(self, prefix: str, column: str) -> str:
        """SQL that says the programme's word for a code; the code itself where there is none."""
        words = {
            code.removeprefix(f"{prefix}."): word for code, word in self._terms.items() if code.startswith(f"{prefix}.")
        }
        return _case(column, words)

    def _label_of(self, prefix: str, column: str) -> str:
        """SQL that says the label `prefix`_`code` for a code; the code itself where there is none."""
        words = {
            name.removeprefix(f"{prefix}_"): text
            for name, text in self._labels.items()
            if name.startswith(f"{prefix}_")
        }
        return _case(column, words)

    def _status_of(self, column: str, field: str) -> str:
        """SQL that gives a status's name, sign or colour."""
        key = f"name_{self._language}" if field == "name" else field
        return _case(column, {row["status_code"]: row[key] for row in self._statuses})

    def specs(self, kind: str) -> dict[str, Asset]:
        """All yml templates of a kind, by name."""
        paths = sorted((TEMPLATES / kind).glob("*.yml"))
        return {path.stem: yaml.safe_load(self.text(f"{kind}/{path.name}")) for path in paths}


def _case(column: str, words: Mapping[str, str]) -> str:
    if not words:
        raise TemplateError(f"no words for {column}; they are in labels.yml and in the seeds term.csv and status.csv")
    cases = " ".join(f"when {_quoted(code)} then {_quoted(word)}" for code, word in words.items())
    return f"case {column} {cases} else {column} end"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


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
