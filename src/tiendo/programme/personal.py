"""Finds what looks like a person's data in a line that an office wrote: numbers, addresses, names.

In: a text. Out: which kind it looks like, never the text itself. It would rather refuse a document's number than let a
telephone number in; whoever wrote it can shorten it.
"""

from __future__ import annotations

import re

# The commonest family names before another capitalised word. Those that are also words or parts of places are not here.
_FAMILY = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Võ", "Đặng", "Bùi", "Đỗ", "Ngô", "Trịnh", "Đinh",
)  # fmt: skip
_FAMILIES = "|".join((*_FAMILY, *(name.upper() for name in _FAMILY)))
_TITLES = "[Ôô]ng|[Bb]à(?! R[ịỊ])|anh|chị|[Đđ]ồng chí|[Đđ]/c|ÔNG|BÀ(?! R[ịỊ])|ĐỒNG CHÍ|Mr|Mrs|Ms"
_CAPITAL = "[A-ZÀ-ÝĂĐƠƯẠ-Ỹ]"
KINDS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("địa chỉ thư điện tử", "an e-mail address", re.compile(r"\S@\S")),
    ("liên kết hoặc địa chỉ mạng", "a link", re.compile(r"(?i)https?:|www\.|\b[\w-]+\.(?:com|vn|net|org|me|ly)\b")),
    ("số điện thoại", "a telephone number", re.compile(r"(?<![\d/])(?:\+?84|0)(?:[ .\-]?\d){9}(?!\d)")),
    ("số giấy tờ tùy thân hoặc tài khoản", "an identity or account number", re.compile(r"\d(?: ?\d){8,}")),
    ("tên người", "a person's name", re.compile(rf"(?<!\w)(?:{_FAMILIES}|(?:{_TITLES})\.?)\s+{_CAPITAL}\w*")),
)


def personal_data(text: str) -> tuple[str, str] | None:
    """What a text seems to hold of a person, in Vietnamese and English; None when nothing."""
    return next(((vi, en) for vi, en, pattern in KINDS if pattern.search(text)), None)
