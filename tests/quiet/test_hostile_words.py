"""What a unit writes into its report reaches the pages and the downloads as words, and does nothing there."""

from __future__ import annotations

from tests.quiet.conftest import House
from tests.quiet.house import HARM


def test_the_review_shows_a_units_words_as_they_were_written(house: House) -> None:
    quotes = house.pages["words"]["quotes"]
    for theme in ("result", "difficulty", "cause"):
        assert quotes.count(HARM[theme].split(" (")[0]) == 3, (theme, quotes)
    assert all(len(quote) <= 240 for quote in quotes)


def test_nothing_of_them_comes_alive(house: House) -> None:
    assert house.pages["words"]["alive"] == 0
    assert house.pages["words"]["pwned"] is None


def test_nothing_turns_the_reading_round(house: House) -> None:
    assert not any("\u202e" in quote for quote in house.pages["words"]["quotes"])


def test_a_download_holds_no_formula(house: House) -> None:
    words = house.pages["words"]
    assert words["formulas"] == []
    assert len(words["xlsx"]) == len(words["csv"]) == 2
    assert all(cell.startswith("'") for cell in words["xlsx"]), words["xlsx"]
    assert all(line.lstrip('"').startswith("'") for line in words["csv"]), words["csv"]
