"""The part of a card that says who: who owes the numbers, which tasks it follows and who leads them.

In: a card of the programme. Out: Markdown of a section. Units that are named carry on through their successors.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Protocol

from tiendo.programme import Indicator, Task, Unit
from tiendo.review.handbook_formula import MILESTONES, NO_METHOD, elements_of
from tiendo.review.handbook_words import Words, table


class Duty(Protocol):
    """What applies to a kind of units, or to a unit and those that carry on after it, from when to when."""

    @property
    def unit_kind(self) -> str: ...  # noqa: D102
    @property
    def unit_code(self) -> str: ...  # noqa: D102
    @property
    def valid_from(self) -> date: ...  # noqa: D102
    @property
    def valid_to(self) -> date | None: ...  # noqa: D102


def duty_section(words: Words, card: Indicator) -> str:
    """Who owes the elements of a card's formula, and since when."""
    formula = card.parsed
    if card.method == NO_METHOD:
        return words.say("nobody_owes")
    if formula.function == MILESTONES:
        return words.say("tasks_owe")
    rows = [row for code in elements_of(words.programme, formula) for row in _duty_rows(words, code)]
    head = [words.say(key) for key in ("element", "unit", "from", "to", "breakdown")]
    reading = words.say("duty_reading", link=words.say("rules"), page="rules.md")
    return f"{table(head, rows)}\n\n{reading}"


def _duty_rows(words: Words, element_code: str) -> list[list[str]]:
    """One row a stretch of time and way of asking."""
    programme = words.programme
    rules = [rule for rule in programme.applicabilities if rule.element_code == element_code]
    name = f"`{element_code}` {words.of(programme.elements[element_code], 'name')}"
    if not rules:
        return [[name, words.say("nobody_owes_element"), "–", "–", "–"]]

    def stretch(rule: Duty) -> tuple[date, date]:
        return rule.valid_from, rule.valid_to or date.max

    rows = []
    asked_in = dict.fromkeys(rule.breakdown for rule in rules)
    for breakdown in asked_in:
        same = sorted((rule for rule in rules if rule.breakdown == breakdown), key=stretch)
        for (first, last), those in groupby(same, key=stretch):
            who = "; ".join(dict.fromkeys(bearer(words, rule) for rule in those))
            rows.append([name, who, words.day(first), words.day(last), _asked(words, breakdown)])
    return rows


def _asked(words: Words, breakdown: str) -> str:
    for part in words.programme.disaggregations:
        if part.dimension_code == breakdown:
            return words.of(part, "dimension")
    return words.term(f"breakdown.{breakdown}")


def bearer(words: Words, duty: Duty) -> str:
    """The kind of units, or the unit and who carries on after it: 'A (X), then B (Y) from 1 March 2025'."""
    if duty.unit_kind:
        return words.term(f"unit_kind.{duty.unit_kind}")
    programme = words.programme
    unit = programme.unit_at(duty.unit_code, duty.valid_from)
    if unit is None:
        return duty.unit_code
    heirs = [heir for heir in _heirs(words, unit) if heir.valid_from <= (duty.valid_to or date.max)]
    text = words.unit(unit)
    if heirs:
        named = ", ".join(words.say("since", unit=words.unit(heir), day=words.day(heir.valid_from)) for heir in heirs)
        text = words.say("then", unit=text, next=named)
    return text


def _heirs(words: Words, unit: Unit) -> list[Unit]:
    """All that carry on after a unit in the programme, the nearest first."""
    found: dict[str, Unit] = {}
    waiting = list(words.programme.successors(unit))
    while waiting:
        heir = waiting.pop(0)
        if heir.key not in found:
            found[heir.key] = heir
            waiting += words.programme.successors(heir)
    return list(found.values())


def tasks_of(words: Words, card: Indicator) -> list[Task]:
    """The tasks a card follows: those its formula names, else those of its goal."""
    tasks = words.programme.tasks
    if card.parsed.function == MILESTONES:
        named = {term.code for term in card.parsed.numerators}
        return [task for task in tasks if task.task_code in named]
    return [task for task in tasks if task.goal_code == card.goal_code]


def tasks_section(words: Words, card: Indicator) -> str:
    """Each task with who leads and who cooperates, by date, and its milestones."""
    tasks = tasks_of(words, card)
    return "\n\n".join(_task(words, task) for task in tasks) if tasks else words.say("no_task")


def _task(words: Words, task: Task) -> str:
    rhythm = words.of(task, "rhythm")
    lines = [f"### {task.task_code} · {words.of(task, 'name')}"]
    notes = [words.say("task_rhythm", rhythm=rhythm)] if rhythm else []
    lines.append(" ".join([*notes, words.say("task_place", place=words.of(task, "official_place"))]))
    duties = [row for row in words.programme.responsibilities if row.task_code == task.task_code]
    if duties:
        head = [words.say(key) for key in ("role", "unit", "from", "to")]
        ordered = sorted(duties, key=lambda row: (row.role != "lead", row.valid_from))
        rows = [
            [words.term(f"role.{row.role}"), bearer(words, row), words.day(row.valid_from), words.day(row.valid_to)]
            for row in ordered
        ]
        lines.append(table(head, rows))
    else:
        lines.append(words.say("no_responsibility"))
    milestones = [row for row in words.programme.milestones if row.task_code == task.task_code]
    if milestones:
        head = [words.say(key) for key in ("milestone", "evidence")]
        rows = [
            [f"`{row.milestone_code}` {words.of(row, 'name')}", words.of(row, "evidence") or "–"] for row in milestones
        ]
        lines.append(table(head, rows))
    return "\n\n".join(lines)


def leads(words: Words, task: Task) -> str:
    """Who leads a task, in one line."""
    duties: Iterable[Duty] = (
        row for row in words.programme.responsibilities if row.task_code == task.task_code and row.role == "lead"
    )
    return "; ".join(dict.fromkeys(bearer(words, duty) for duty in duties)) or words.say("no_responsibility")
