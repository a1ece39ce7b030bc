"""The handbook: what each page says, worked out by hand; nothing is left empty; the committed files are up to date."""

from __future__ import annotations

import re
import shutil
import unicodedata
from pathlib import Path

import pytest

from tests.review.conftest import CARD
from tests.review.editing import LANTERN, append, copy_programme, rewrite
from tiendo.programme import Programme, SeedError
from tiendo.review.handbook import MARK, handbook_pages, write_handbook
from tiendo.review.handbook_labels import SECTIONS

LANGUAGES = {"vi": 0, "en": 1}
ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "docs" / "handbook"


def sections(page: str) -> dict[str, str]:
    """The body of each section of a page by its heading."""
    parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)
    return {heading: body.strip() for heading, body in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.fixture(scope="module")
def pages(rich: Programme) -> dict[str, str]:
    return handbook_pages(rich)


def test_a_card_in_vietnamese_says_all_that_stands_in_its_seeds(pages: dict[str, str]) -> None:
    page = pages["vi/X1.md"]
    said = sections(page)
    assert page.startswith(f"{MARK}\n# X1 · Hiên có chuông đồng\n\n[Sổ tay chỉ số](README.md) · ")
    assert said["Tên và vị trí chính thức"] == (
        "- Tên: **Hiên có chuông đồng**\n- Thuộc: mục tiêu G9, Chuông gió\n"
        "- Vị trí chính thức: Hư cấu, điều 9\n- Đơn vị tính: %"
    )
    assert said["Đếm cái gì"] == "Chuông đồng đã treo, chia cho số hiên."
    formula = said["Công thức"]
    assert "Bằng lời: Tổng chuông đồng đã treo chia cho tổng số hiên." in formula
    assert "```text\nX1 = 100 × Σ D90:metal.brass ÷ Σ M90\n```" in formula
    row = "| `D90:metal.brass` | Chuông đã treo: kim loại, đồng thau | chuông | báo cáo hằng tháng | cộng dồn |"
    assert row in formula
    assert "| `M90` | Hiên nhà | hiên | khung tổng thể |" in formula
    assert "(`D90:metal.brass` ÷ `M90`)" in formula
    assert "**đơn vị sử dụng**" in said["Ai đếm"]
    assert "- `M90` Hiên nhà (hiên): **DỮ LIỆU GIẢ LẬP**, số đếm của khung này là giả lập" in said["Khung tổng thể"]
    assert said["Cửa sổ thời gian"].startswith("**Lũy kế từ đầu đề án**. ")
    assert said["Cửa sổ thời gian"].endswith("Tần suất: hằng tháng.")
    assert said["Cơ sở đơn vị"].startswith("**Theo đơn vị lúc báo cáo**. ")
    assert said["Chiều và ngưỡng"] == "Càng cao càng tốt. Đạt khi giá trị bằng hoặc lớn hơn mục tiêu."
    assert said["Giá trị gốc"].startswith("**0 % ở kỳ tháng 12/2023 (chưa đo)**. Giá trị gốc chưa được đo")
    target = said["Mục tiêu và lộ trình"]
    assert target.startswith("**Cả nước: ≥ 1.000,5 % vào kỳ tháng 12/2024** (mức trên 2.000 %)")
    assert "Lộ trình **tuyến tính**, căn cứ: **giả định**; phê duyệt: chưa có. Do chúng tôi đặt." in target
    assert "đánh giá theo lộ trình này chỉ là tạm tính" in target
    own = "| Tỉnh Đồi Xanh (92) | ≥ 50 % | tháng 12/2024 | lộ trình tuyến tính (kế hoạch) | 21/12/2023 | 21/12/2023 |"
    assert own in target
    assert said["Đầu ra hay kết quả"].startswith("**Đầu ra**. ")
    # X2 is an outcome of the same goal, without a method.
    assert said["Đầu ra hay kết quả"].endswith("Chưa có kết quả nào được đo cho mục tiêu G9 (Chuông gió).")
    assert said["Cách hiểu khác"] == "Đếm cả chuông gốm."
    assert said["Lưu ý khi đọc"] == "Số hiên là giả lập."
    assert said["Ký duyệt"].startswith("Cơ quan ký: **Hội Đèn (HD)**. **Chưa ký**")
    assert (
        "| 1 | 21/12/2023 | – | 21/12/2023 | – | `X1 = 100 × Σ D90:metal.brass ÷ Σ M90` |"
        in (said["Phiên bản và hiệu lực"])
    )


def test_obligations_follow_the_units_that_carry_on(pages: dict[str, str]) -> None:
    owed = sections(pages["en/X1.md"])["Who owes it"]
    named = "Windy Hill (91), then Green Hill (92) from 1 April 2024"
    assert f"| `D90` Chimes hung | {named} | 21 January 2024 | – | one number |" in owed
    assert "| `D90` Chimes hung | Ministry | 21 December 2023 | – | metal |" in owed
    assert "[Rules shared by all](rules.md#plans)" in owed
    plans = sections(pages["en/rules.md"])["Obligations begin with a unit's plan"]
    assert "| Windy Hill (91) | 7/KH-DG | 5 January 2024 | 21 February 2024 |" in plans


def test_without_a_method_the_page_says_what_is_missing(pages: dict[str, str]) -> None:
    said = sections(pages["en/X2.md"])
    assert said["Formula"] == "No formula: no method is agreed, see Method."
    assert said["Method"].endswith("> Nobody listens yet.")
    assert said["Direction and strictness"] == "Less is better. Met only below the target; being at it is not enough."
    assert said["Target and path"].startswith("**Nation: < 10 (night) by December 2024**\n\nNo path")
    assert said["Output or outcome"].startswith("**Outcome**. ")
    assert "This outcome is not measured" in said["Output or outcome"]
    assert said["Who owes it"] == "Nobody owes a report: the indicator has no formula."
    assert "The programme measures no outcome" in pages["en/README.md"]


def test_milestones_name_their_task_its_agencies_and_their_evidence(pages: dict[str, str]) -> None:
    said = sections(pages["vi/X3.md"])
    assert "X3 = #{ m ∈ N90 : đã ban hành hoặc đã vận hành }" in said["Công thức"]
    tasks = said["Nhiệm vụ liên quan"]
    assert tasks.startswith("### N90 · Ra sách dạy làm chuông\n\nNhịp: một lần. Vị trí chính thức: Hư cấu, điều 9.")
    assert (
        "| chủ trì | Tỉnh Đồi Gió (91), sau đó Tỉnh Đồi Xanh (92) từ 01/04/2024 | 21/12/2023 | – |\n"
        "| phối hợp | Bộ | 01/02/2024 | – |"
    ) in tasks
    assert "| `M901` Bản thảo | Văn bản lấy ý kiến |" in tasks
    assert said["Mục tiêu và lộ trình"] == "Không có mục tiêu bằng số: chỉ đếm, không kết luận."
    assert "vi/X3.svg" not in pages
    index = pages["vi/README.md"]
    assert index.index("## Theo mục tiêu") < index.index("## Theo nhóm nhiệm vụ") < index.index("[X3](X3.md)")


def test_a_break_is_listed_where_the_card_has_the_rule(rich: Programme, tmp_path: Path) -> None:
    assert "01/04/2024" in sections(handbook_pages(rich)["vi/rules.md"])["Đoạn số liệu"]
    folder = copy_programme(rich.folder, tmp_path / "seeds")
    rewrite(folder, "indicator", {"indicator_code": "X1"}, valid_to="2024-05-20")
    second = {
        "definition_version": "2",
        "valid_from": "2024-05-21",
        "known_from": "2024-05-21",
        "break_rule": "segment",
    }
    words = {"name_vi": "Mới", "name_en": "New", "reading_vi": "Mới", "reading_en": "New", "who_counts": "employer"}
    measure = {
        "measure_vi": "%",
        "measure_en": "%",
        "formula": "sum(D90) / sum(M90)",
        "display_order": "90",
        "is_headline": "true",
    }
    measure |= {"formula_vi": "Chuông trên hiên", "formula_en": "Chimes over porches"}
    append(folder, "indicator", **(CARD | second | words | measure), indicator_code="X1", approved_on="2024-05-20")
    page = handbook_pages(Programme.read(folder))["en/X1.md"]
    said = sections(page)
    assert said["When what is counted changes"].endswith("- 1 April 2024: Back porches left out")
    # The last version is shown, both are listed.
    assert page.startswith(f"{MARK}\n# X1 · New\n")
    assert "| 2 | 21 May 2024 | – | 21 May 2024 | 20 May 2024 |" in said["Version and validity"]
    assert "| 1 | 21 December 2023 | 20 May 2024 |" in said["Version and validity"]
    assert said["Signing"] == "Signing office: **Lantern Society (HD)**; signed on 20 May 2024."


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_lacks_a_section(pages: dict[str, str], language: str) -> None:
    headings = [names[LANGUAGES[language]] for names in SECTIONS.values()]
    cards = [name for name in pages if re.fullmatch(rf"{language}/(?!README|rules).+\.md", name)]
    assert len(cards) >= 9
    for name in cards:
        said = sections(pages[name])
        assert list(said) == headings, name
        assert all(said.values()), name
        assert "None" not in said.values() or language == "en"


def test_each_page_keeps_to_its_language(pages: dict[str, str]) -> None:
    for name, page in pages.items():
        assert page == unicodedata.normalize("NFC", page), name
        for names in SECTIONS.values():
            other = names[1 - LANGUAGES[name[:2]]]
            assert f"## {other}\n" not in page, (name, other)
    # What is ours to say in English has no Vietnamese letter; names in the seeds may.
    english = " ".join(text[1] for text in SECTIONS.values())
    assert english.isascii()
    assert "Chuông" not in pages["en/X1.md"] and "Porches" not in pages["vi/X1.md"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_somewhere(pages: dict[str, str], language: str) -> None:
    links = 0
    for name, page in pages.items():
        if not name.startswith(language) or name.endswith(".svg"):
            continue
        for target in re.findall(r"\]\(([^)]+)\)", page):
            file, _, anchor = target.partition("#")
            found = file.removeprefix("../") if file.startswith("../") else f"{language}/{file}"
            assert found in pages, (name, target)
            assert not anchor or f'<a id="{anchor}"></a>' in pages[found], (name, target)
            links += 1
    assert links > 30


def test_the_same_seeds_give_the_same_bytes_and_pages_of_cards_that_are_gone_go(
    rich: Programme, tmp_path: Path
) -> None:
    written = write_handbook(rich, tmp_path)
    first = {path: path.read_bytes() for path in written}
    assert sorted(first) == written
    shutil.copyfile(tmp_path / "vi" / "X1.md", tmp_path / "vi" / "gone.md")
    own = tmp_path / "vi" / "notes.md"
    own.write_text("Ghi chú của ai đó")
    assert write_handbook(Programme(rich.folder), tmp_path) == written
    assert {path: path.read_bytes() for path in written} == first
    assert not (tmp_path / "vi" / "gone.md").exists()
    assert own.exists()


@pytest.mark.parametrize("code", ["a", "rules", "A.1", "../A"])
def test_a_code_that_cannot_name_a_page_is_refused(tmp_path: Path, code: str) -> None:
    folder = copy_programme(LANTERN, tmp_path / "seeds")
    words = {"name_vi": "Mới", "name_en": "New", "reading_vi": "Mới", "reading_en": "New", "who_counts": "employer"}
    measure = {
        "measure_vi": "%",
        "measure_en": "%",
        "formula": "",
        "display_order": "90",
        "is_headline": "true",
        "method_gap_vi": "Thiếu",
        "gap_kind": "no_method",
    }
    card = CARD | words | measure | {"goal_code": "G1", "method_gap_en": "Missing"}
    append(folder, "indicator", **card, indicator_code=code)
    # Either the registry or the handbook says no; nobody writes outside the folder.
    with pytest.raises(SeedError, match=r"indicator"):
        write_handbook(Programme.read(folder), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_committed_handbook_is_that_of_the_seeds() -> None:
    pages = handbook_pages(Programme.read(ROOT / "dbt_project" / "seeds"))
    committed = {
        str(path.relative_to(COMMITTED)): path.read_text(encoding="utf-8")
        for path in COMMITTED.rglob("*")
        if path.suffix in {".md", ".svg"}
    }
    assert sorted(committed) == sorted(pages), "docs/handbook: run make handbook"
    stale = [name for name, page in pages.items() if committed[name] != page]
    assert not stale, f"docs/handbook is not what the seeds say, run make handbook: {stale}"
