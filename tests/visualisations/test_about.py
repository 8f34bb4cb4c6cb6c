"""The report to a partner as text and as workbook: complete, the same each time, and nothing in it runs."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from routekaart.graph.analyses.partner.about import about, everyone
from routekaart.graph.landscape import Landscape
from routekaart.loaders.read import Reading, read
from routekaart.ontology.catalogue import text
from routekaart.visualisations.about.content import Backdrop, report
from routekaart.visualisations.about.page import answer_name, render
from routekaart.visualisations.about.parts import Report
from routekaart.visualisations.about.workbook import write
from routekaart.visualisations.drawing.content import node_wait

Made = Callable[..., Report]


def made_of(landscape: Landscape, partner: str, lang: str = "nl", **more: Any) -> tuple[Report, Backdrop]:
    backdrop = Backdrop(landscape, lang)
    return report(about(landscape, partner), backdrop, **more), backdrop


def page_of(landscape: Landscape, partner: str, lang: str = "nl", **more: Any) -> str:
    return render(*made_of(landscape, partner, lang, **more))


def workbook_of(landscape: Landscape, partner: str, lang: str = "nl", **more: Any) -> bytes:
    out = io.BytesIO()
    write(*made_of(landscape, partner, lang, **more), out)
    return out.getvalue()


def cells(book: bytes) -> dict[str, list[Any]]:
    """Every filled cell by sheet."""
    loaded = openpyxl.load_workbook(io.BytesIO(book))
    return {s.title: [c for row in s.iter_rows() for c in row if c.value not in (None, "")] for s in loaded}


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": []}
        self.shown: list[str] = []
        self._open = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._open = tag
        if tag in self.texts:
            self.texts[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open in self.texts:
            self.texts[self._open][-1] += data
        else:
            self.shown.append(data)


# --- complete -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_statement_has_one_place_in_the_report(example: Reading, lang: str) -> None:
    backdrop = Backdrop(example.landscape, lang)
    for told in everyone(example.landscape):
        shown = Counter(row for block in report(told, backdrop).blocks for row in block.rows)
        expected = Counter((s.table, s.id) for s in (*told.every(), *told.indicators))
        assert shown == expected, told.id


def test_page_and_workbook_say_the_same(voorbeeldregio: Reading) -> None:
    for partner in ("P144", "P120", "P001"):
        made, backdrop = made_of(voorbeeldregio.landscape, partner)
        page = "\n".join(Elements(render(made, backdrop)).shown)
        out = io.BytesIO()
        write(made, backdrop, out)
        sheets = cells(out.getvalue())
        told = "\n".join(str(c.value) for found in sheets.values() for c in found)
        for block in made.blocks:
            for fact in block.facts:
                assert fact.text in page, fact
                assert fact.text in told, fact
            for row in block.grid.rows if block.grid else ():
                for cell in row:
                    assert cell in page
                    assert cell in told
            for line in (*block.origin, *block.unknown, *block.assumed):
                assert line in page
                assert line in told


def test_a_wait_tells_what_was_written_and_what_was_made_of_it(region: Landscape) -> None:
    made, _ = made_of(region, "P05")
    waits = next(s for s in made.sections if s.key == "waits")
    facts = [{f.label: f.text for f in b.facts} for b in waits.blocks]
    # conftest: w1 8 - 12 weken = 56, 70, 84 days; w2 is an older one of the same series
    assert [(f["Zo opgeschreven"], f["Zo gelezen"], f["Stand"]) for f in facts] == [
        ("“8 - 12 weken”", "8 tot 12 weken, naar verwachting 10 weken", "actueel"),
        ("“20 weken”", "20 weken; er wordt niet mee gerekend", "vervangen door een latere opgave"),
    ]
    who = {f.label: f.text for f in made.sections[0].blocks[0].facts}
    assert (
        who["Tijd tot de eerste afspraak waarmee wordt gerekend"]
        == "8 tot 12 weken (peildatum maart 2026), naar verwachting 10 weken"
    )


def test_what_a_log_shows_is_told_with_its_source_and_without_small_counts(tables: Any, made: Any) -> None:
    rows = tables()
    rows["handovers"] = [
        {"id": "h1", "from": "P02", "to": "P05", "number": 40, "weeks_median": 9.5, "weeks_p95": 30.0}
        | {"stay_weeks_median": 1.0, "period_from": "2025-01-01", "period_until": "2025-12-31", "source": "log SOJ"},
        {"id": "h2", "from": "P05", "to": "aanbod:O5", "number": 7, "weeks_median": 3.0, "period_until": "2025"},
    ]
    rows["back_and_forth"] = [{"id": "t1", "from": "P02", "to": "P05", "number": 25, "without_start": 8, "weeks_median": 0.0}]
    rows["outflow"] = [{"id": "u9", "partner": "P05", "to": "P02", "number": 60, "returned": 12, "year": 2025}]
    rows["waits"] = [{**w, "number": 34, "censored": 6, "weeks_median_km": 11.5} if w["id"] == "w1" else w for w in rows["waits"]]
    told, _ = made_of(made(rows), "P05")
    blocks = {b.title: b.grid for s in told.sections if s.key == "figures" for b in s.blocks if b.grid}
    handovers, back = (blocks[text(f"about.kind.{table}", "nl")] for table in ("handovers", "back_and_forth"))
    few = "minder dan 10 (niet getoond)"
    kompas, brug, soj = "Behandeling angst", "Jeugdhulp De Brug", "SOJ Proefdal"
    (*first, source), (*second, _) = handovers.rows
    # 2025-12-31 and 2025 end on one day, so the one from here comes first; of fewer than ten the weeks are hidden too
    assert first == [f"{brug} → {kompas}", few, "", "", "onbekend tot en met 2025"]
    assert second == [
        f"{soj} → {brug}",
        "40 gezinnen",
        "de helft binnen 9,5 weken, 19 van de 20 binnen 30 weken",
        "de helft binnen 1 week",
        "1 januari 2025 tot en met 31 december 2025",
    ]
    assert "handovers.csv" in source
    ((*cells_back, _),) = back.rows
    assert cells_back == [f"{soj} → {brug} → {soj}", "25 gezinnen", few, "de helft binnen 0 weken", "onbekend"]
    ((*out, _),) = blocks[text("about.kind.outflow", "nl")].rows
    assert out == [f"{brug} → {soj}", "60 gezinnen", "12 gezinnen", "2025"]
    wait = {f.label: f.text for b in next(s for s in told.sections if s.key == "waits").blocks for f in reversed(b.facts)}
    assert wait["Gemeten bij"] == "34 gezinnen"
    assert wait["Van hen nog zonder eerste afspraak"] == few
    assert wait["Mediaan als ook meetelt wie nog wacht"] == "11,5 weken"


def test_the_response_stands_beside_the_figures(region: Landscape) -> None:
    made, backdrop = made_of(region, "P02")
    with_response = {s.key for s in made.sections if s.response == "Wij werken aan kortere wachttijden."}
    assert {"routes", "of_role"} <= with_response
    assert render(made, backdrop).count("Wij werken aan kortere wachttijden.") >= len(with_response)


def test_who_sees_what(region: Landscape) -> None:
    whole, _ = made_of(region, "P02")
    assert {s.key: s.shown for s in whole.sections if s.shown == "coalitie"} == {"lines": "coalitie", "agreements": "coalitie"}
    public, _ = made_of(region, "P02", edition="openbaar")
    assert "coalitie" not in {s.shown for s in public.sections}
    page = page_of(region, "P02", edition="openbaar")
    assert "Samen het gezin spreken" not in page
    assert text("about.summary.left_out", "nl") in unescape(page)


def test_small_counts_are_not_in_it(region: Landscape) -> None:
    for partner in ("P03", "P05", "P06", "P01", "01234567"):
        page = Elements(page_of(region, partner)).shown
        assert not any(re.search(r"\b[1-9] gezinnen", said) for said in page)
    # route R3: 3 a year, of which P03 is the start; outflow u1: 2
    assert any("minder dan 10 (niet getoond)" in said for said in Elements(page_of(region, "P03")).shown)
    assert any("minder dan 10 (niet getoond)" in said for said in Elements(page_of(region, "P06")).shown)


@pytest.mark.parametrize(("before", "said"), [("2026-10-01", "Graag vóór 1 oktober 2026."), (None, "Er is geen uiterste datum")])
def test_the_opening_says_what_why_how_and_when(region: Landscape, before: str | None, said: str) -> None:
    opening = " ".join(Elements(page_of(region, "P05", before=before)).shown)
    for words in ("Waarom u dit krijgt", "kaart@proefdal.example", "zet partners niet op volgorde", said, "Fictief"):
        assert words in opening


# --- the same each time, and harmless -------------------------------------------------------------------------------
def test_same_data_same_bytes(region: Landscape, tables: Any, made: Any) -> None:
    again = made(tables())
    for lang in ("nl", "en"):
        assert page_of(region, "P05", lang) == page_of(again, "P05", lang)
        assert workbook_of(region, "P05", lang) == workbook_of(again, "P05", lang)


def test_the_policy_allows_these_scripts_and_styles_only(region: Landscape) -> None:
    found = Elements(page_of(region, "P05"))
    policy = next(a["content"] or "" for t, a in found.found if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    for kind, wanted in (
        ("script", [s for s in found.texts["script"] if not s.startswith("{")]),
        ("style", found.texts["style"]),
    ):
        hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in wanted}
        directive = next(d for d in policy.split("; ") if d.startswith(f"{kind}-src"))
        assert set(directive.split()[1:]) == hashes
    assert not any("src" in a or "style" in a or any(k.startswith("on") for k in a) for _, a in found.found)
    assert {t for t, _ in found.found}.isdisjoint({"img", "iframe", "object", "embed", "form", "base"})
    assert [a["href"] for t, a in found.found if t == "link"] == ["data:,"]


def test_hostile_texts_stay_texts(hostile: Landscape) -> None:
    for partner in hostile["partners"]["id"]:
        found = Elements(page_of(hostile, partner))
        assert len(found.texts["script"]) == 3
        assert {t for t, _ in found.found}.isdisjoint({"img", "iframe", "svg", "object", "embed"})
        assert not any((a.get("href") or "").startswith("javascript:") for _, a in found.found)
        for sheet in cells(workbook_of(hostile, partner)).values():
            assert [c.coordinate for c in sheet if c.data_type != "s"] == []


def test_a_text_like_a_formula_stays_a_text(tables: Any, made: Any) -> None:
    rows = tables()
    rows["partners"][4].update(name="=1+1", ask_for="+49", response="@SUM(A1)")
    for sheet in cells(workbook_of(made(rows), "P05")).values():
        assert {c.data_type for c in sheet} <= {"s"}


# --- the workbook -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_sheets_are_ours_or_the_one_to_fill_in(voorbeeldregio: Reading, lang: str) -> None:
    prefix = text("about.sheet.prefix", lang)
    loaded = openpyxl.load_workbook(io.BytesIO(workbook_of(voorbeeldregio.landscape, "P144", lang)))
    *ours, answer = loaded.sheetnames
    assert answer == "bevestigingen"
    assert all(name.startswith(prefix) and len(name) <= 31 for name in ours)
    assert len(ours) == 10
    header, row = loaded[answer].iter_rows(values_only=True)
    assert len(header) == len(row) == 5
    assert row[0] == "P144"
    assert not any(row[1:])
    for name in ours:
        page = loaded[name].page_setup
        assert (page.paperSize, loaded[name].sheet_properties.pageSetUpPr.fitToPage) == (9, True)


def test_no_content_sheet_is_read_as_data(gelderse_vallei: Reading, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "partners.csv").write_text("id,naam\nP20,Karakter\n", "utf-8")
    (folder / "over-P20.xlsx").write_bytes(workbook_of(gelderse_vallei.landscape, "P20"))
    reading = read(folder)
    about_it = [f for f in reading.findings if f.file == "over-P20.xlsx"]
    assert {f.code for f in about_it if f.code != "report-sheet"} <= {"confirmation-empty", "confirmation-alone"}
    skipped = [f.sheet for f in about_it if f.code == "report-sheet"]
    names = openpyxl.load_workbook(folder / "over-P20.xlsx").sheetnames
    assert skipped == sorted(n for n in names if n != "bevestigingen")
    assert {n: c.read for n, c in reading.counts.items() if c.read} == {"partners": 1, "confirmations": 1}


@pytest.mark.parametrize("partner", ["P01", "P 1/x", "=cmd", "é", "…", "01234567"])
def test_the_answer_file_has_a_name_that_the_loader_knows(partner: str, tmp_path: Path) -> None:
    (tmp_path / "partners.csv").write_text("id,naam\nP01,X\n", "utf-8")
    name = answer_name(partner)
    assert re.fullmatch(r"bevestigingen-[A-Za-z0-9._-]+\.csv", name)
    (tmp_path / name).write_text("partner,klopt\nP01,ja\n", "utf-8")
    assert read(tmp_path).counts["confirmations"].read == 1


def test_the_words_under_the_name_are_those_of_the_map(example: Reading) -> None:
    """Second method: what the map draws, out of all waits of the region."""
    backdrop = Backdrop(example.landscape, "nl")
    for told in everyone(example.landscape):
        said = next(f.text for f in report(told, backdrop).sections[0].blocks[0].facts if f.label == "Op de kaart")
        wait = node_wait(backdrop.material, told.id)
        assert wait is None or "niet getekend" in said or said.endswith(f"met onder uw naam: {wait}"), told.id
        assert wait is not None or "onder uw naam" not in said
