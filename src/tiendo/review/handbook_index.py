"""The index of the handbook: goals with their cards and tasks, in the order of the programme.

In: a programme and a language. Out: Markdown.
"""

from __future__ import annotations

from tiendo.programme import Goal, Indicator
from tiendo.review.handbook_card import goal_name, latest_cards, outcomes
from tiendo.review.handbook_duty import leads
from tiendo.review.handbook_formula import NO_METHOD
from tiendo.review.handbook_target import main_target, path_label, target_value
from tiendo.review.handbook_words import Words, table

GOAL_KINDS = ("target", "task_group")


def index_page(words: Words) -> str:
    """The index in one language."""
    programme = words.programme
    links = [f"[{words.say('rules')}](rules.md)", f"[{words.say('other_language')}](../{words.other}/README.md)"]
    name = programme.row.required(f"name_{words.language}")
    blocks = [f"# {words.say('handbook')}", " · ".join(links), words.say("index_intro", programme=f"**{name}**")]
    blocks.append(f"{words.say('document')}: {programme.row.required(f'decision_{words.language}')}")
    measured = ", ".join(_link(card) for card in outcomes(words))
    blocks.append(words.say("index_outcomes", codes=measured) if measured else words.say("index_no_outcome"))
    goals = sorted(programme.goals, key=lambda goal: (goal.display_order, goal.goal_code))
    for kind in GOAL_KINDS:
        of_kind = [goal for goal in goals if goal.goal_kind == kind]
        if of_kind:
            blocks.append(f"## {words.say(f'goals.{kind}')}")
            blocks += [_goal(words, goal) for goal in of_kind]
    return "\n\n".join(blocks) + "\n"


def _goal(words: Words, goal: Goal) -> str:
    blocks = [f"### {goal_name(words, goal)}", words.of(goal, "official_place")]
    cards = [card for card in latest_cards(words) if card.goal_code == goal.goal_code]
    if cards:
        head = [words.say(key) for key in ("code", "name", "target", "path", "card_state")]
        blocks.append(table(head, [_card_row(words, card) for card in cards]))
    else:
        blocks.append(words.say("no_cards"))
    tasks = [task for task in words.programme.tasks if task.goal_code == goal.goal_code]
    if tasks:
        head = [words.say(key) for key in ("code", "task", "lead")]
        rows = [[f"`{task.task_code}`", words.of(task, "name"), leads(words, task)] for task in tasks]
        blocks.append(table(head, rows))
    return "\n\n".join(blocks)


def _card_row(words: Words, card: Indicator) -> list[str]:
    target = main_target(words, card)
    goal, path = "–", "–"
    if target is not None:
        goal = words.say("by", value=target_value(words, card, target), period=words.month(target.target_period))
        path = path_label(words, target)
    state = words.say("unsigned_short")
    if card.approved_on is not None:
        state = words.say("signed_short", day=words.day(card.approved_on))
    if card.method == NO_METHOD:
        state = f"{state}; {words.say('method_missing_short')}"
    return [_link(card), words.of(card, "name"), goal, path, state]


def _link(card: Indicator) -> str:
    return f"[{card.indicator_code}]({card.indicator_code}.md)"
