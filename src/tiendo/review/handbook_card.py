"""The page of one card, section by section.

In: a card of the programme and a language. Out: the page as Markdown. Every page has every section, and says so where
there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable

from tiendo.programme import Goal, Indicator
from tiendo.review.handbook_duty import duty_section, tasks_section
from tiendo.review.handbook_formula import (
    NO_METHOD,
    formula_section,
    frame_section,
    frames_below,
    symbols,
    who_section,
    window_section,
)
from tiendo.review.handbook_labels import SECTIONS
from tiendo.review.handbook_target import baseline_section, direction_section, target_section
from tiendo.review.handbook_words import Words, bullets, capital, sentence, table

Section = Callable[[Words, Indicator], str]


def latest_cards(words: Words) -> list[Indicator]:
    """The last version of each card, in the order of display."""
    latest: dict[str, Indicator] = {}
    for card in sorted(words.programme.indicators, key=_age):
        latest[card.indicator_code] = card
    return sorted(latest.values(), key=lambda card: (card.display_order, card.indicator_code))


def _age(card: Indicator) -> tuple[object, ...]:
    return card.valid_from, card.known_from, len(card.definition_version), card.definition_version


def card_page(words: Words, card: Indicator) -> str:
    """One card's page."""
    code = card.indicator_code
    links = [
        f"[{words.say('handbook')}](README.md)",
        f"[{words.say('rules')}](rules.md)",
        f"[{words.say('other_language')}](../{words.other}/{code}.md)",
    ]
    blocks = [f"# {code} · {words.of(card, 'name')}", " · ".join(links)]
    for key in SECTIONS:
        blocks += [f"## {words.heading(key)}", WRITERS[key](words, card)]
    return "\n\n".join(blocks) + "\n"


def goal_of(words: Words, card: Indicator) -> Goal:
    """The goal or task group a card belongs to."""
    return next(goal for goal in words.programme.goals if goal.goal_code == card.goal_code)


def goal_name(words: Words, goal: Goal) -> str:
    """T2, Training of officials."""
    return f"{goal.goal_code}, {words.of(goal, 'name')}"


def _place(words: Words, card: Indicator) -> str:
    goal = goal_of(words, card)
    return bullets(
        [
            f"{words.say('name')}: **{words.of(card, 'name')}**",
            f"{words.say('belongs_to')}: {words.term(f'goal_kind.{goal.goal_kind}')} {goal_name(words, goal)}",
            f"{words.say('official_place')}: {words.of(card, 'official_place')}",
            f"{words.say('measure')}: {words.of(card, 'measure')}",
        ]
    )


def _definition(words: Words, card: Indicator) -> str:
    return sentence(words.of(card, "reading"))


def _target(words: Words, card: Indicator) -> str:
    return target_section(words, card, f"{card.indicator_code}.svg")


def _basis(words: Words, card: Indicator) -> str:
    reading = words.say("basis_reading", link=words.say("rule.bases"), page="rules.md")
    return f"**{capital(words.term(f'basis.{card.basis}'))}**. {reading}"


def _break(words: Words, card: Indicator) -> str:
    lines = [words.say(f"break.{card.break_rule}")]
    if card.break_rule == "segment":
        codes = {frame.frame_code for frame in frames_below(words.programme, card.parsed)}
        breaks = [row for row in words.programme.frame_breaks if row.frame_code in codes]
        # One law may change several frames.
        told = sorted({(row.break_date, words.of(row, "name")) for row in breaks})
        lines.append(
            bullets([f"{words.day(day)}: {name}" for day, name in told]) if told else words.say("break_none_yet")
        )
    return "\n\n".join(lines)


def _small(words: Words, card: Indicator) -> str:
    return words.say(f"small.{card.small_cell_rule}")


def _level(words: Words, card: Indicator) -> str:
    level = words.term(f"result_level.{card.result_level}")
    source = words.say("level_source", source=words.term(f"source_type.{card.source_type}"))
    lines = [f"**{capital(level)}**. {words.say(f'level.{card.result_level}')} {source}"]
    if card.result_level == "outcome" and not is_measured_outcome(card):
        lines.append(words.say("outcome_unmeasured"))
    group = goal_of(words, card)
    goal = f"{words.term(f'goal_kind.{group.goal_kind}')} {group.goal_code} ({words.of(group, 'name')})"
    codes = [other for other in outcomes(words) if other.goal_code == card.goal_code]
    if codes:
        listed = ", ".join(f"[{other.indicator_code}]({other.indicator_code}.md)" for other in codes)
        lines.append(words.say("goal_has_outcome", goal=goal, codes=listed))
    else:
        lines.append(words.say("goal_no_outcome", goal=goal))
    return " ".join(lines)


def is_measured_outcome(card: Indicator) -> bool:
    """Whether a card is an outcome that has a formula to be measured by."""
    return card.result_level == "outcome" and card.method != NO_METHOD


def outcomes(words: Words) -> list[Indicator]:
    """The outcomes that are measured."""
    return [card for card in latest_cards(words) if is_measured_outcome(card)]


def _method(words: Words, card: Indicator) -> str:
    if card.method == NO_METHOD:
        return f"{words.say('method_missing')}\n\n> {sentence(words.of(card, 'method_gap'))}"
    return sentence(words.of(card, "method")) or words.say("method_plain")


def _readings(words: Words, card: Indicator) -> str:
    return sentence(words.of(card, "other_readings")) or words.say("no_other_reading")


def _caveats(words: Words, card: Indicator) -> str:
    return sentence(words.of(card, "caveat")) or words.say("no_caveat")


def _signing(words: Words, card: Indicator) -> str:
    office = words.office(card.signing_office) if card.signing_office else words.say("no_office")
    if card.approved_on is None:
        return words.say("unsigned", office=office)
    return words.say("signed", office=office, day=words.day(card.approved_on))


def _version(words: Words, card: Indicator) -> str:
    keys = ("version_no", "in_force_from", "in_force_to", "known_from", "approved_on", "formula")
    head = [words.heading(key) if key in SECTIONS else words.say(key) for key in keys]
    versions = [other for other in words.programme.indicators if other.indicator_code == card.indicator_code]
    rows = [
        [
            other.definition_version,
            words.day(other.valid_from),
            words.day(other.valid_to),
            words.day(other.known_from),
            words.day(other.approved_on),
            f"`{symbols(other, words.say('issued'))}`" if other.method != NO_METHOD else "–",
        ]
        for other in sorted(versions, key=_age, reverse=True)
    ]
    return f"{words.say('version_reading', version=card.definition_version)}\n\n{table(head, rows)}"


WRITERS: dict[str, Section] = {
    "place": _place,
    "definition": _definition,
    "formula": formula_section,
    "who": who_section,
    "frame": frame_section,
    "window": window_section,
    "basis": _basis,
    "direction": direction_section,
    "baseline": baseline_section,
    "target": _target,
    "break": _break,
    "small": _small,
    "level": _level,
    "method": _method,
    "readings": _readings,
    "caveats": _caveats,
    "duty": duty_section,
    "tasks": tasks_section,
    "signing": _signing,
    "version": _version,
}
