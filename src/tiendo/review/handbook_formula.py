"""The part of a card that says how its value is made: formula, codes, who counts, frame, window.

In: a card of the programme. Out: Markdown of a section. A card without a formula says so in each of them.
"""

from __future__ import annotations

from tiendo.programme import Formula, FormulaTerm, Frame, Indicator, Programme
from tiendo.review.handbook_words import Words, bullets, capital, sentence, table

NO_METHOD = "none"
MILESTONES = "milestones"
ONE_PERIOD = frozenset({"point", "period"})


def symbols(card: Indicator, issued: str) -> str:
    """The formula of a card with a method as mathematics writes it: T1 = 100 × Σ (E1 + E2) ÷ Σ (F1 + F2)."""
    formula = card.parsed
    above = _sum(formula.numerators)
    if formula.denominators:
        value = f"100 × Σ {above} ÷ Σ {_sum(formula.denominators)}"
    elif formula.function == "places":
        value = f"#{{ p : Σ {above} ≥ 1 }}"
    elif formula.function == "places_whole":
        value = f"#{{ p : ∀ o ∈ p, Σ {above} ≥ 1 }}"
    elif formula.function == MILESTONES:
        tasks = ", ".join(term.code for term in formula.numerators)
        value = f"#{{ m ∈ {tasks} : {issued} }}"
    else:
        value = f"Σ {above}"
    return f"{card.indicator_code} = {value}"


def _sum(terms: tuple[FormulaTerm, ...]) -> str:
    joined = " + ".join(_code(term) for term in terms)
    return f"({joined})" if len(terms) > 1 else joined


def _code(term: FormulaTerm) -> str:
    return f"{term.code}:{term.part}" if term.part else term.code


def frames_below(programme: Programme, formula: Formula) -> list[Frame]:
    """The frames a formula divides by, each once, in its order."""
    frames = {frame.frame_code: frame for frame in programme.frames}
    codes = dict.fromkeys(term.code for term in formula.denominators)
    return [frames[code] for code in codes if code in frames]


def elements_of(programme: Programme, formula: Formula) -> list[str]:
    """The codes of the elements in a formula, each once, those above the line first."""
    if formula.function == MILESTONES:
        return []
    terms = (*formula.numerators, *formula.denominators)
    return [code for code in dict.fromkeys(term.code for term in terms) if code in programme.elements]


def formula_section(words: Words, card: Indicator) -> str:
    """The formula in words, in symbols, and what each code stands for."""
    formula = card.parsed
    if card.method == NO_METHOD:
        return words.say("no_formula")
    reading = {"places": "place_reading", "places_whole": "whole_reading", MILESTONES: "milestone_reading"}
    lines = [
        f"{words.say('in_words')}: {sentence(words.of(card, 'formula'))}",
        f"```text\n{symbols(card, words.say('issued'))}\n```",
        words.say(
            reading.get(formula.function, f"sum_reading.{'one' if card.measured_over in ONE_PERIOD else 'many'}")
        ),
    ]
    if formula.denominators:
        tied = zip(formula.numerators, formula.denominators, strict=True)
        pairs = ", ".join(f"`{_code(above)}` ÷ `{_code(below)}`" for above, below in tied)
        lines.append(words.say("pair_reading", pairs=pairs))
    lines.append(_codes(words, formula))
    return "\n\n".join(lines)


def _codes(words: Words, formula: Formula) -> str:
    head = [words.say(key) for key in ("code", "name", "measure", "source", "adds_up")]
    terms = dict.fromkeys((*formula.numerators, *formula.denominators))
    return table(head, [_code_row(words, formula, term) for term in terms])


def _code_row(words: Words, formula: Formula, term: FormulaTerm) -> list[str]:
    programme = words.programme
    code = f"`{_code(term)}`"
    if formula.function == MILESTONES:
        tasks = {task.task_code: task for task in programme.tasks}
        return [
            code,
            words.of(tasks[term.code], "name"),
            words.say("milestones_measure"),
            words.say("from_tasks"),
            "–",
        ]
    element = programme.elements.get(term.code)
    if element is None:
        frame = next(frame for frame in programme.frames if frame.frame_code == term.code)
        name, measure = words.of(frame, "name"), words.of(frame, "measure")
        return [code, name, measure, words.say("from_frame"), words.term("time_rule.stock")]
    name = words.of(element, "name")
    if term.part:
        name = words.say("part_of", name=name, part=_part(words, term.part))
    over_time = words.term(f"time_rule.{element.time_rule}")
    return [code, name, words.of(element, "measure"), words.say("from_reports"), over_time]


def _part(words: Words, code: str) -> str:
    """The name of sex.female."""
    for part in words.programme.disaggregations:
        if f"{part.dimension_code}.{part.value_code}" == code:
            return f"{words.of(part, 'dimension')}, {words.of(part, 'name')}"
    return code


def who_section(words: Words, card: Indicator) -> str:
    """Who tells the number."""
    if not card.who_counts:
        return words.say("nobody_counts")
    who = words.term(f"who_counts.{card.who_counts}")
    return f"{words.say('counted_by', who=who)} {words.say('memo')}"


def frame_section(words: Words, card: Indicator) -> str:
    """What the numerator is measured against, and whether that count is real."""
    formula = card.parsed
    if not formula.denominators:
        return words.say("no_frame")
    frames = frames_below(words.programme, formula)
    lines = []
    if frames:
        lines += [words.say("frame_reading"), bullets([_frame_line(words, frame) for frame in frames])]
    below = dict.fromkeys(term for term in formula.denominators if term.code in words.programme.elements)
    if below:
        lines.append(words.say("element_below", codes=", ".join(f"`{_code(term)}`" for term in below)))
    return "\n\n".join(lines)


def _frame_line(words: Words, frame: Frame) -> str:
    line = words.say(
        "frame_line", code=frame.frame_code, name=words.of(frame, "name"), measure=words.of(frame, "measure")
    )
    if frame.frame_code not in words.frame_is_synthetic:
        return f"{line}: {words.say('no_frame_values')}"
    if words.frame_is_synthetic[frame.frame_code]:
        line += f": **{words.term('synthetic')}**, {words.say('frame_synthetic')}"
    return line


def window_section(words: Words, card: Indicator) -> str:
    """Over which periods the value is taken, and how often."""
    window = words.term(f"measured_over.{card.measured_over}")
    reading = words.say(f"window.{card.measured_over}", carry=words.threshold("carry_periods"))
    frequency = words.say("frequency", name=words.term(f"frequency.{card.frequency}"))
    return f"**{capital(window)}**. {reading} {frequency}"
