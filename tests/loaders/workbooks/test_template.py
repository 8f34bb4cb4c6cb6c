"""The workbook to fill in: what a partner sees, and that nothing in it is data until somebody fills it in."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from routekaart.graph.schema import INPUT_TABLES, TABLES, Kind
from routekaart.loaders.read import Reading, read
from routekaart.loaders.workbooks.about import OWN_TABLES
from routekaart.loaders.workbooks.explanation import example_of
from routekaart.loaders.workbooks.template import template


def book_of(**options: object) -> openpyxl.Workbook:
    out = BytesIO()
    template(out, **options)  # type: ignore[arg-type]
    return openpyxl.load_workbook(BytesIO(out.getvalue()))


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_sheets_a_partner_sees(lang: str) -> None:
    book = book_of(lang=lang)
    own = [TABLES[n].nl for n in OWN_TABLES]
    assert book.sheetnames == [{"nl": "uitleg", "en": "explanation"}[lang], *own, {"nl": "keuzes", "en": "choices"}[lang]]
    if lang == "nl":
        every = set(book_of(all_tables=True).sheetnames)
        assert every >= {t.nl for t in INPUT_TABLES if not t.made}
        # what `log` makes out of registrations is filled in by nobody
        assert every.isdisjoint({"overdrachten", "heen_en_weer"})


@pytest.fixture(scope="module")
def blank() -> openpyxl.Workbook:
    return book_of()


def test_headers_cannot_be_overwritten_and_cells_can_be_written_in(blank: openpyxl.Workbook) -> None:
    for table in (TABLES[n] for n in OWN_TABLES):
        sheet = blank[table.nl]
        assert [c.value for c in sheet[1]] == [c.nl for c in table.headed]
        assert sheet.protection.sheet
        assert not sheet.protection.password
        assert not sheet.protection.sort  # openpyxl: False = allowed
        assert not sheet.protection.insertRows
        assert all(c.protection.locked for c in sheet[1])
        assert all(c.comment for c in sheet[1])
        for place, column in enumerate(table.headed, 1):
            look = next(d for d in sheet.column_dimensions.values() if d.min <= place <= d.max)  # equal neighbours are one
            assert look.protection.locked is False, column.name
            # a spreadsheet makes a date of "3-5" and drops the zero of "007" unless the cell is text
            if column.kind not in (Kind.COUNT, Kind.FAMILIES, Kind.NUMBER):
                assert look.number_format == "@", column.name
        assert sheet.freeze_panes is not None
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.print_title_rows == "$1:$1"


def test_checks_warn_and_never_stop(blank: openpyxl.Workbook) -> None:
    for name in OWN_TABLES:
        for rule in blank[TABLES[name].nl].data_validations.dataValidation:
            assert rule.errorStyle == "warning" or not rule.showErrorMessage or rule.type is None, rule.sqref


def test_the_lists_hold_what_the_drop_downs_point_at(blank: openpyxl.Workbook) -> None:
    book = blank
    rules = {next(iter(r.sqref.ranges)).coord.split(":")[0]: r for r in book["aanbod"].data_validations.dataValidation}
    place = [c.name for c in TABLES["offerings"].headed].index("level")
    rule = rules[f"{openpyxl.utils.get_column_letter(place + 1)}2"]
    sheet, _, area = rule.formula1.partition("!")
    cells = [row[0].value for row in book[sheet.strip("'")][area.replace("$", "")]]
    assert cells[0] == "gewone leven en informele steun"
    assert len(cells) == 5  # CONTRACTS §2: levels 0–4


def test_the_same_bytes_every_time() -> None:
    made = []
    for _ in range(2):
        out = BytesIO()
        template(out)
        made.append(out.getvalue())
    assert made[0] == made[1]


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("all_tables", [False, True])
def test_nothing_in_a_blank_template_is_data(tmp_path: Path, lang: str, all_tables: bool) -> None:
    with (tmp_path / "sjabloon.xlsx").open("wb") as out:
        template(out, lang, all_tables=all_tables)
    reading = read(tmp_path)
    assert sum(c.read for c in reading.counts.values()) == 0
    # our own sheets are known as ours; the only thing to say is that nothing is dated
    assert {f.code for f in reading.findings} <= {"no-date", "no-partners"}


def test_the_examples_are_readable_as_data_but_stand_in_the_explanation_only(tmp_path: Path) -> None:
    book = book_of()
    for name in OWN_TABLES:
        assert book[TABLES[name].nl].max_row == 1
        assert example_of(TABLES[name], "nl")
    # what we show as an example must itself be read without a word of doubt
    for name in OWN_TABLES:
        sheet = book[TABLES[name].nl]
        example = example_of(TABLES[name], "nl")
        sheet.append([example.get(c.name) for c in TABLES[name].headed])
    book["partners"].append(["P02", "Buurthuis (verzonnen)"])
    book.save(tmp_path / "ingevuld.xlsx")
    reading = read(tmp_path / "ingevuld.xlsx")
    assert [f for f in reading.findings if f.severity != "opmerking"] == []
    assert {n: c.used for n, c in reading.counts.items() if c.used} == {
        "partners": 2, "offerings": 1, "routes": 1, "waits": 1, "lines": 1,
    }  # fmt: skip


def test_a_partners_own_sheet_called_uitleg_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "partners"
    book.active.append(["id", "naam"])
    book.active.append(["P1", "Een partner"])
    other = book.create_sheet("uitleg")
    other.append(["wat", "hoe"])
    other.append(["een eigen uitleg", "van de partner"])
    book.save(tmp_path / "lijst.xlsx")
    assert "unknown-table" in {f.code for f in read(tmp_path).findings}


def test_the_mail_address_of_the_region_and_its_lists(voorbeeldregio: Reading) -> None:
    landscape = voorbeeldregio.landscape
    book = book_of(landscape=landscape)
    words = [c.value for row in book["uitleg"].iter_rows() for c in row if c.value]
    assert any("routekaart@voorbeeldregio.example" in str(w) for w in words)
    lists = {column[0].value: [c.value for c in column[1:] if c.value] for column in book["keuzes"].iter_cols()}
    assert len(lists["municipality"]) == 8 + 2  # the region's eight, regio and landelijk
    assert "huiskamer" in lists["role"]  # the region's own role
    assert set(lists["partner"]) <= set(landscape["partners"]["name"])


def test_text_that_looks_like_a_formula_stays_text(voorbeeldregio: Reading) -> None:
    out = BytesIO()
    template(out, landscape=voorbeeldregio.landscape, all_tables=True)
    with zipfile.ZipFile(out) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in archive.read(name), name
