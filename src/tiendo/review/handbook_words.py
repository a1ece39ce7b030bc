"""The language of a handbook page: words of the glossary, sentences of ours, dates and numbers as they are written.

In: a programme and 'vi' or 'en'. Out: `Words`. A code without a term in term.csv raises SeedError.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tiendo.programme import Programme, SeedError, Unit
from tiendo.programme.periods import split_code
from tiendo.review.handbook_labels import LABELS, SECTIONS
from tiendo.review.handbook_rules_text import RULES
from tiendo.review.handbook_text import TEXT

LANGUAGES = ("vi", "en")
SENTENCES = LABELS | TEXT | RULES


@dataclass(frozen=True, eq=False)
class Words:
    """One language of one programme's handbook."""

    programme: Programme
    language: str

    @property
    def other(self) -> str:
        """The other language."""
        return LANGUAGES[1 - LANGUAGES.index(self.language)]

    @cached_property
    def frame_is_synthetic(self) -> dict[str, bool]:
        """Whether any count of a frame is synthetic; a frame without counts is not there."""
        found: dict[str, bool] = {}
        for row in self.programme.table("frame_value"):
            code = row.required("frame_code")
            found[code] = found.get(code, False) or row.text("is_synthetic") == "true"
        return found

    def threshold(self, code: str) -> str:
        """A threshold of status_threshold.csv as it is written; SeedError when it is not there."""
        rows = self.programme.table("status_threshold")
        for row in rows:
            if row.text("threshold_code") == code:
                return self.number(row.required("threshold_value"))
        raise SeedError("status_threshold.csv", None, f"no threshold {code!r}")

    def of(self, thing: object, attribute: str) -> str:
        """The attribute that exists in both languages: `of(card, 'name')` is name_vi or name_en; '' when empty."""
        return str(getattr(thing, f"{attribute}_{self.language}") or "")

    def term(self, code: str) -> str:
        """A word of the glossary."""
        return str(getattr(self.programme.term(code), self.language))

    def say(self, key: str, **values: object) -> str:
        """A sentence of the handbook, with what is to be filled in."""
        return SENTENCES[key][LANGUAGES.index(self.language)].format(**values)

    def heading(self, section: str) -> str:
        """The heading of a section of a card."""
        return SECTIONS[section][LANGUAGES.index(self.language)]

    def day(self, day: date | None) -> str:
        """14/09/2022 or 14 September 2022; a dash when there is none."""
        if day is None or day == date.max:
            return "–"
        if self.language == "vi":
            return f"{day:%d/%m/%Y}"
        return f"{day.day} {calendar.month_name[day.month]} {day.year}"

    def month(self, period_code: str) -> str:
        """The month of '2028-12': tháng 12/2028 or December 2028."""
        year, month = split_code(period_code)
        return f"tháng {month}/{year}" if self.language == "vi" else f"{calendar.month_name[month]} {year}"

    def number(self, number: object) -> str:
        """1.000,5 or 1,000.5, with as many decimals as were given; a dash when there is none."""
        if number is None or number == "":
            return "–"
        amount = float(str(number))
        whole, _, decimals = f"{amount:,.6f}".partition(".")
        decimals = decimals.rstrip("0")
        if self.language == "vi":
            return whole.replace(",", ".") + ("," + decimals if decimals else "")
        return whole + ("." + decimals if decimals else "")

    def quantity(self, number: object, measure: str) -> str:
        """A number with its unit of measure: 1.000 đầu sách, 1,000 (title), 15 %."""
        plain = self.language == "vi" or measure == "%"
        return f"{self.number(number)} {measure if plain else f'({measure})'}"

    def unit(self, unit: Unit) -> str:
        """A unit's name with its kind and code."""
        name = unit.full_name_vi if self.language == "vi" else unit.name_en
        return f"{name} ({unit.code})"

    def office(self, code: str) -> str:
        """The last unit with this code by name, or the text itself when no unit is called so."""
        units = self.programme.units_called(code)
        return self.unit(units[-1]) if units else code


def sentence(text: str) -> str:
    """The text with a full stop at its end; '' stays ''."""
    return f"{text}." if text and text[-1] not in ".!?" else text


def capital(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def cell(text: str) -> str:
    """Text that stays inside one cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|")


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; each text on one line."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell(text) for text in line) + " |" for line in lines)


def bullets(lines: list[str]) -> str:
    """A Markdown list."""
    return "\n".join(f"- {line}" for line in lines)
