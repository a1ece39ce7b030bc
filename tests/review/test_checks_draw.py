"""The draw of numbers to check: the same numbers draw the same, and the chances are what they are said to be."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

from tiendo.review.checks_draw import Cell, draw, inclusion_probabilities


def cells(seed: int = 7, count: int = 60) -> list[Cell]:
    dice = random.Random(seed)
    return [Cell(f"U{i:02d}@2023-01-01", "2024-01", f"E{i % 3}", Fraction(dice.randrange(1, 50))) for i in range(count)]


def test_the_same_numbers_in_any_order_draw_the_same() -> None:
    given = cells()
    shuffled = random.Random(3).sample(given, len(given))
    assert draw(given, 12, "s") == draw(given, 12, "s") == draw(shuffled, 12, "s")
    assert draw(given, 12, "s") != draw(given, 12, "t")


def test_exactly_as_many_are_drawn_and_chances_add_up_to_it() -> None:
    for seed in range(40):
        given = cells(seed)
        assert len(draw(given, 12, str(seed))) == 12
        assert sum(inclusion_probabilities(given, 12).values()) == 12


def test_a_number_above_the_step_is_always_drawn() -> None:
    large = Cell("V@2023-01-01", "2024-01", "E0", Fraction(5000))
    for seed in range(40):
        drawn = {each.cell: each.probability for each in draw([*cells(seed), large], 12, str(seed))}
        assert drawn[large] == 1


def test_taking_the_certain_ones_out_can_make_others_certain() -> None:
    given = [Cell(unit, "2024-01", "E", Fraction(size)) for unit, size in (("A", 100), ("B", 10), ("C", 1), ("D", 1))]
    chances = inclusion_probabilities(given, 3)
    assert [chances[cell] for cell in given] == [1, 1, Fraction(1, 2), Fraction(1, 2)]


def test_zero_is_never_drawn_and_few_numbers_are_all_drawn() -> None:
    given = [Cell("A", "2024-01", "E", Fraction(0)), Cell("B", "2024-01", "E", Fraction(3))]
    assert [(each.cell.unit_key, each.probability) for each in draw(given, 30, "s")] == [("B", 1)]
    assert draw([], 30, "s") == ()


def test_numbers_come_as_often_as_their_chance_says() -> None:
    given, times = cells(), 3000
    chances = inclusion_probabilities(given, 12)
    seen = Counter(each.cell for seed in range(times) for each in draw(given, 12, str(seed)))
    for cell in given:
        assert abs(seen[cell] / times - chances[cell]) < 0.04


def test_elements_of_other_measures_do_not_crowd_each_other_out() -> None:
    people = [Cell(f"U{i}", "2024-01", "PEOPLE", Fraction(10_000)) for i in range(10)]
    shows = [Cell(f"U{i}", "2024-01", "SHOWS", Fraction(1)) for i in range(10)]
    chances = inclusion_probabilities([*people, *shows], 6)
    assert sum(chances[cell] for cell in people) == sum(chances[cell] for cell in shows) == 3
