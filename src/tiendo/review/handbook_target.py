"""The part of a card that says how far: direction, baseline, target, path, and the chart of them.

In: a card of the programme and its targets. Out: Markdown of a section, SVG of the chart.
"""

from __future__ import annotations

from tiendo.programme import Indicator, Target, path_of
from tiendo.review.handbook_chart import Chart, draw
from tiendo.review.handbook_words import Words, sentence, table

NATION = "nation"


def targets_of(words: Words, card: Indicator) -> list[Target]:
    """All targets of a card on record that name a value: the nation's first, then by scope and day."""
    found = [
        target
        for target in words.programme.targets
        if target.indicator_code == card.indicator_code and target.target_value is not None
    ]
    return sorted(found, key=lambda row: (row.scope_kind != NATION, row.scope_key, row.valid_from, row.known_from))


def main_target(words: Words, card: Indicator) -> Target | None:
    """The target a card is first judged by: the last one known of the nation, else of its first scope."""
    targets = targets_of(words, card)
    return [target for target in targets if target.scope_key == targets[0].scope_key][-1] if targets else None


def scope_name(words: Words, target: Target) -> str:
    """The nation, a unit or a region by name."""
    if target.scope_kind == NATION:
        return words.term("nation")
    unit = words.programme.unit_by_key.get(target.scope_key)
    regions = (region for region in words.programme.regions if region.key == target.scope_key)
    return words.unit(unit) if unit else next((words.of(region, "name") for region in regions), target.scope_key)


def target_value(words: Words, card: Indicator, target: Target) -> str:
    """≥ 100 %, < 10 %, or 15–20 % for a band."""
    measure = words.of(card, "measure")
    if card.direction == "band":
        return f"{words.number(target.target_value)}–{words.quantity(target.target_high, measure)}"
    strict = {"at_least": "over", "at_most": "under"}[card.direction]
    sign = words.term(strict if card.is_strict else card.direction)
    return f"{sign} {words.quantity(target.target_value, measure)}"


def direction_section(words: Words, card: Indicator) -> str:
    """Which way is better, and whether reaching the limit is enough."""
    return words.say(f"direction.{card.direction}{'.strict' if card.is_strict else ''}")


def baseline_section(words: Words, card: Indicator) -> str:
    """The value the path starts from and how it is known."""
    target = main_target(words, card)
    if target is None:
        return words.say("no_target")
    return f"**{_baseline(words, card, target)}**. {words.say(f'baseline_reading.{target.baseline_state}')}"


def _baseline(words: Words, card: Indicator, target: Target) -> str:
    value = words.say("no_baseline_value")
    if target.baseline_value is not None:
        value = words.quantity(target.baseline_value, words.of(card, "measure"))
    at = words.say("at", value=value, period=words.month(target.baseline_period))
    return f"{at} ({words.term(f'baseline_state.{target.baseline_state}')})"


def target_section(words: Words, card: Indicator, chart_file: str) -> str:
    """What is to be reached by when, along which path, and whose assumption that is."""
    targets = targets_of(words, card)
    target = main_target(words, card)
    if target is None:
        return words.say("no_target")
    scope = scope_name(words, target)
    by = words.say("by", value=target_value(words, card, target), period=words.month(target.target_period))
    alt = words.say(
        "chart_alt",
        code=card.indicator_code,
        scope=scope,
        first=words.month(target.baseline_period),
        last=words.month(target.target_period),
    )
    lines = [f"**{scope}: {by}**", _path(words, target), f"![{alt}]({chart_file})"]
    if target.target_high is not None and card.direction != "band":
        high = words.quantity(target.target_high, words.of(card, "measure"))
        lines[0] += f" ({words.say('upper_mark', value=high)})"
    if len(targets) > 1:
        head = [words.say(key) for key in ("scope", "target", "period", "path", "in_force_from", "known_from")]
        rows = [_row(words, card, each) for each in targets]
        lines += [words.say("all_targets"), table(head, rows)]
    return "\n\n".join(lines)


def _path(words: Words, target: Target) -> str:
    note = words.of(target, "path_note")
    if not has_path(target):
        return " ".join(text for text in (words.say("no_path"), sentence(note)) if text)
    line = words.say(
        "path_line",
        kind=words.term(f"path_kind.{target.path_kind}"),
        basis=words.term(f"path_basis.{target.path_basis}"),
        approved=words.office(target.path_approved_by) if target.path_approved_by else words.say("nobody_approved"),
    )
    assumed = words.say("assumption_reading") if target.path_basis == "assumption" else ""
    return " ".join(text for text in (line, sentence(note), assumed) if text)


def path_label(words: Words, target: Target) -> str:
    """The path in three words: linear path (assumption)."""
    if not has_path(target):
        return words.say("no_path_short")
    kind = words.term(f"path_kind.{target.path_kind}")
    return words.say("path_short", kind=kind, basis=words.term(f"path_basis.{target.path_basis}"))


def has_path(target: Target) -> bool:
    """Whether there is a value for each period on the way: a path needs its kind, its basis and where it starts."""
    return bool(target.path_kind and target.path_basis) and target.baseline_value is not None


def _row(words: Words, card: Indicator, target: Target) -> list[str]:
    return [
        scope_name(words, target),
        target_value(words, card, target),
        words.month(target.target_period),
        path_label(words, target),
        words.day(target.valid_from),
        words.day(target.known_from),
    ]


def chart_of(words: Words, card: Indicator) -> str | None:
    """The chart of a card's main target; None when it has no target."""
    target = main_target(words, card)
    if target is None:
        return None
    measure = words.of(card, "measure")
    heading = f"{card.indicator_code} · {words.heading('target')} · {scope_name(words, target)}"
    high = None if target.target_high is None else float(target.target_high)
    label = path_label(words, target)
    path = path_of(target, card.direction, words.programme.path_points, words.programme.seasons)
    baseline = f"{words.heading('baseline').lower()}: {_baseline(words, card, target)}"
    return draw(
        Chart(
            title=heading,
            description=f"{words.of(card, 'name')}. {target_value(words, card, target)}. {label}; {baseline}.",
            axis_x=words.say("chart_axis_x"),
            axis_y=measure,
            first=target.baseline_period,
            last=target.target_period,
            target=float(target.target_value or 0),
            target_label=f"{words.term('target')} {target_value(words, card, target)}",
            target_high=high,
            high_label="" if high is None else words.say("upper_mark", value=words.quantity(high, measure)),
            baseline=None if target.baseline_value is None else float(target.baseline_value),
            baseline_is_measured=target.baseline_state == "measured",
            path=[(month, float(value)) for month, value in path],
            path_is_assumed=target.path_basis == "assumption",
            path_label=label,
            baseline_label=baseline,
            write=words.number,
        )
    )
