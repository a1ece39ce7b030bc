"""The handbook: one page a card in Vietnamese and in English, the rules they share, an index, and a chart a target.

In: a programme. Out: <folder>/{vi,en}/*.md and *.svg, the same bytes for the same seeds. Pages of cards that are gone
are removed; a file that does not carry the handbook's mark is left alone.
"""

from __future__ import annotations

import re
from pathlib import Path

from tiendo.programme import Indicator, Programme, SeedError
from tiendo.review.handbook_card import card_page, latest_cards
from tiendo.review.handbook_index import index_page
from tiendo.review.handbook_rules import rules_page
from tiendo.review.handbook_target import chart_of
from tiendo.review.handbook_words import LANGUAGES, Words

MARK = "<!-- tiendo handbook: viết ra từ dữ liệu, không sửa ở đây / written from the seeds, do not edit -->"
OWN_NAMES = frozenset({"readme", "rules"})
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def write_handbook(programme: Programme, folder: Path) -> list[Path]:
    """Write all pages and charts into `folder`, and remove those of cards that are gone; the files written, in order.

    Raises SeedError when a card's code cannot name a file, or a word of a card is not in the glossary.
    """
    pages = handbook_pages(programme)
    written = []
    for name, text in sorted(pages.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    for language in LANGUAGES:
        for path in sorted((folder / language).iterdir()):
            if f"{language}/{path.name}" not in pages and _is_ours(path):
                path.unlink()
    return written


def handbook_pages(programme: Programme) -> dict[str, str]:
    """Every file of the handbook by its name below the folder: {'vi/T1.md': text}."""
    pages: dict[str, str] = {}
    for language in LANGUAGES:
        words = Words(programme, language)
        cards = latest_cards(words)
        _check_names(cards)
        pages[f"{language}/README.md"] = _marked(index_page(words))
        pages[f"{language}/rules.md"] = _marked(rules_page(words))
        for card in cards:
            pages[f"{language}/{card.indicator_code}.md"] = _marked(card_page(words, card))
            chart = chart_of(words, card)
            if chart is not None:
                pages[f"{language}/{card.indicator_code}.svg"] = _marked(chart)
    return pages


def _check_names(cards: list[Indicator]) -> None:
    """A code names a file, also on a disk that does not tell T1 from t1."""
    seen = set(OWN_NAMES)
    for card in cards:
        code = card.indicator_code
        if not _FILE_NAME.fullmatch(code) or code.casefold() in seen:
            reason = f"indicator_code {code!r} cannot name a page: letters, digits, - and _, unlike any other code"
            raise SeedError("indicator.csv", None, reason)
        seen.add(code.casefold())


def _marked(text: str) -> str:
    return f"{MARK}\n{text}"


def _is_ours(path: Path) -> bool:
    if path.suffix not in {".md", ".svg"}:
        return False
    with path.open(encoding="utf-8", errors="replace") as handle:
        return handle.readline().rstrip("\n") == MARK
