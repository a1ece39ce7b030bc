"""The page of the rules that all cards share: periods, states, bases, coverage, bounds, knowledge, reports, verdicts.

In: a programme and a language. Out: Markdown. Each section has an anchor of its own name, the same in both languages.
"""

from __future__ import annotations

from collections.abc import Callable

from tiendo.review.handbook_rules_text import RULE_SECTIONS
from tiendo.review.handbook_words import Words, bullets, table

STATES = (
    "reported",
    "zero",
    "nil",
    "not_applicable",
    "not_yet_due",
    "missing",
    "withheld",
    "in_question",
    "quarantined",
)
MARKS = ("carried", "corrected")
BASES = ("as_reported", "current", "original")


def rules_page(words: Words) -> str:
    """The page of shared rules."""
    links = [f"[{words.say('handbook')}](README.md)", f"[{words.say('other_language')}](../{words.other}/rules.md)"]
    blocks = [f"# {words.say('rules')}", " · ".join(links), words.say("rules_intro")]
    for name in RULE_SECTIONS:
        write = WRITERS.get(name, _text)
        blocks += [f'<a id="{name}"></a>\n\n## {words.say(f"rule.{name}")}', write(words, name)]
    return "\n\n".join(blocks) + "\n"


def _text(words: Words, name: str) -> str:
    return words.say(f"rule.{name}.text")


def _periods(words: Words, name: str) -> str:
    programme = words.programme
    first = programme.periods[0]
    by_calendar = [
        words.of(programme.elements[row.required("element_code")], "name")
        for row in programme.table("element")
        if row.required("period_calendar") == "calendar"
    ]
    return words.say(
        f"rule.{name}.text",
        rule=words.of(programme.calendar_rule, "name"),
        label=words.month(first.code),
        start=words.day(first.start),
        end=words.day(first.end),
        due=words.day(first.due),
        calendar=", ".join(by_calendar) or words.say("none_counted_so"),
        basis=programme.row.required(f"reporting_basis_{words.language}"),
    )


def _states(words: Words, name: str) -> str:
    def listed(codes: tuple[str, ...], kind: str) -> str:
        told = {code: words.say(f"state.{code}", carry=words.threshold("carry_periods")) for code in codes}
        return bullets([f"**{words.term(f'{kind}.{code}')}**: {text}" for code, text in told.items()])

    marks = words.say(f"rule.{name}.marks")
    return f"{_text(words, name)}\n\n{listed(STATES, 'value_state')}\n\n{marks}\n\n{listed(MARKS, 'mark')}"


def _bases(words: Words, name: str) -> str:
    lines = [f"**{words.term(f'basis.{basis}')}**: {words.say(f'basis.{basis}.text')}" for basis in BASES]
    return f"{_text(words, name)}\n\n{bullets(lines)}"


def _coverage(words: Words, name: str) -> str:
    plausible = words.threshold("plausible_periods")
    return words.say(f"rule.{name}.text", least=words.threshold("verdict_coverage_pct"), plausible=plausible)


def _bounds(words: Words, name: str) -> str:
    return words.say(f"rule.{name}.text", plausible=words.threshold("plausible_periods"))


def _known_at(words: Words, name: str) -> str:
    return words.say(f"rule.{name}.text", zone=words.programme.time_zone.key)


def _breaks(words: Words, name: str) -> str:
    frames = {frame.frame_code: frame for frame in words.programme.frames}
    rows = [
        [
            words.day(row.break_date),
            f"`{row.frame_code}` {words.of(frames[row.frame_code], 'name')}",
            words.of(row, "name"),
        ]
        for row in sorted(words.programme.frame_breaks, key=lambda row: (row.break_date, row.frame_code))
    ]
    head = [words.say("day"), words.heading("frame"), words.say("change")]
    return f"{_text(words, name)}\n\n{table(head, rows) if rows else words.say('no_breaks')}"


def _plans(words: Words, name: str) -> str:
    units = words.programme.unit_by_key
    plans = sorted(words.programme.plans, key=lambda row: (units[row.unit_key].sort_key, row.obliged_from))
    rows = [
        [words.unit(units[row.unit_key]), row.document_number, words.day(row.issued_on), words.day(row.obliged_from)]
        for row in plans
    ]
    head = [words.say(key) for key in ("unit", "document", "issued_on", "obliged_from")]
    return f"{_text(words, name)}\n\n{table(head, rows) if rows else words.say('no_plans')}"


def _verdicts(words: Words, name: str) -> str:
    statuses = sorted(words.programme.table("status"), key=lambda row: row.whole("display_order"))
    named = [f"{row.required('sign')} {row.required(f'name_{words.language}')}" for row in statuses]
    rows = [
        [row.required(f"meaning_{words.language}"), words.number(row.number("threshold_value"))]
        for row in words.programme.table("status_threshold")
    ]
    text = words.say(f"rule.{name}.text", provisional=words.term("provisional"))
    return f"{text}\n\n{bullets(named)}\n\n{table([words.say('threshold'), words.say('value')], rows)}"


def _reviews(words: Words, name: str) -> str:
    rows = [
        [words.of(row, "name"), words.month(row.data_to), words.day(row.known_at)] for row in words.programme.reviews
    ]
    head = [words.say(key) for key in ("name", "data_to", "known_at")]
    return f"{_text(words, name)}\n\n{table(head, rows) if rows else words.say('no_reviews')}"


WRITERS: dict[str, Callable[[Words, str], str]] = {
    "periods": _periods,
    "states": _states,
    "bases": _bases,
    "coverage": _coverage,
    "bounds": _bounds,
    "known_at": _known_at,
    "breaks": _breaks,
    "plans": _plans,
    "verdicts": _verdicts,
    "reviews": _reviews,
}
