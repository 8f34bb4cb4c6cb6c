"""A partner's own workbook back: coloured and commented, and not one value, formula or picture touched."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest
import python_calamine
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from routekaart.loaders.findings import Finding
from routekaart.loaders.read import Reading, read
from routekaart.loaders.workbooks.delivery import deliveries, safe_names
from routekaart.loaders.workbooks.letter import plain
from routekaart.loaders.workbooks.looks import FILLS, Styles
from routekaart.loaders.workbooks.paint import painted
from routekaart.loaders.workbooks.places import MOST_COLOURS, MOST_NOTES, marked
from routekaart.loaders.workbooks.returned import hand_back, holds
from routekaart.loaders.workbooks.story import Story, stories
from routekaart.loaders.workbooks.xmltext import escaped

# openpyxl, the test's own reader, tells that it knows no data bars of 2010; what we write keeps them
pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def dot() -> BytesIO:
    """The smallest honest PNG: one red pixel."""

    def piece(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = piece(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return BytesIO(b"\x89PNG\r\n\x1a\n" + head + piece(b"IDAT", zlib.compress(b"\0\xff\0\0")) + piece(b"IEND", b""))


def write_list(path: Path) -> None:
    """A workbook as partners keep them: formulas, merged cells, comments, rules, colours, a chart, an image, two sheets."""
    book = xlsxwriter.Workbook(path)
    dark = book.add_format({"bg_color": "#000080", "font_color": "#FFFFFF", "bold": True})
    partners = book.add_worksheet("partners")
    partners.write_row(0, 0, ["id", "naam", "rollen", "gemeenten", "kosten"], dark)
    partners.write_row(1, 0, ["P1", "Wijkteam", "lokaal team", "Ede"])
    partners.write_row(2, 0, ["P2", "De Brug", "jeugd-ggz", "Xyzzydam"])
    partners.write_row(3, 0, ["P3", None, "huisarts", "Barneveld"])
    partners.write_comment("D3", "Even navragen bij het team", {"author": "collega"})
    partners.write_comment("A2", "Bestaande opmerking", {"author": "collega"})
    partners.freeze_panes(1, 0)
    offers = book.add_worksheet("aanbod")
    offers.write_row(0, 0, ["id", "partner", "naam", "leeftijd_van", "leeftijd_tot", "capaciteit"], dark)
    for row in range(1, 12):
        offers.write_row(row, 0, [f"A{row}", "P1" if row % 3 else "Piet Onbekend", "Inloop", 12, 8 if row == 4 else 18])
        offers.write_formula(row, 5, f"=D{row + 1}*2+{row}", None, 24 + row)
    offers.conditional_format("F2:F12", {"type": "data_bar", "data_bar_2010": True})
    offers.data_validation("C2:C12", {"validate": "list", "source": ["Inloop", "Cursus"]})
    offers.merge_range("H3:I4", "samen")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=aanbod!$F$2:$F$12"})
    offers.insert_chart("L2", chart)
    offers.insert_image("L20", "dot.png", {"image_data": dot()})
    offers.insert_textbox("L30", "tekstvak")
    book.define_name("aanbod!Lokaal", "=aanbod!$A$1:$A$5")
    offers.activate()
    book.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    data.mkdir()
    (data / "routekaart.toml").write_text(
        '[regio]\nnaam = "Proef"\npeildatum = "2026-06-01"\ncontact = "routekaart@proef.example"\n', "utf-8"
    )
    write_list(data / "Lijst van 't Centrum.xlsx")
    return data


def given_back(data: Path, lang: str = "nl") -> dict[str, bytes]:
    made = {}
    for name, write in deliveries(data, read(data), lang):
        out = BytesIO()
        write(out)
        made[name] = out.getvalue()
    return made


def raw_cells(data: bytes) -> dict[str, dict[str, tuple[str, ...]]]:
    """Every cell of every original sheet by raw XML: its type, its formula and its value (a second reader)."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            if not re.match(r"xl/worksheets/sheet\d+\.xml", name):
                continue
            cells = {}
            for cell in ElementTree.fromstring(archive.read(name)).iter(f"{MAIN}c"):
                said = tuple(ElementTree.tostring(child, "unicode") for child in cell)
                if said:
                    cells[cell.get("r", "")] = (cell.get("t", ""), *said)
            found[name] = cells
    return found


def test_no_value_no_formula_and_no_picture_changes(folder: Path) -> None:
    before = next(folder.glob("*.xlsx")).read_bytes()
    after = given_back(folder)["Lijst van 't Centrum - nagekeken.xlsx"]
    assert raw_cells(after) == raw_cells(before)
    assert sum(len(c) for c in raw_cells(before).values()) > 80
    first, second = (python_calamine.CalamineWorkbook.from_filelike(BytesIO(b)) for b in (before, after))
    for name in first.sheet_names:
        assert first.get_sheet_by_name(name).to_python() == second.get_sheet_by_name(name).to_python()
    with zipfile.ZipFile(BytesIO(before)) as old, zipfile.ZipFile(BytesIO(after)) as new:
        # only these parts may differ: what lists sheets, styles and comments
        touched = r"xl/worksheets/|xl/styles|xl/workbook|xl/_rels|\[Content|xl/comments|xl/drawings/vmlDrawing"
        same = [n for n in old.namelist() if not re.match(touched, n)]
        assert all(old.read(n) == new.read(n) for n in same)
        assert {"xl/charts/chart1.xml", "xl/media/image1.png", "xl/drawings/drawing1.xml"} <= set(same)
        for name in new.namelist():
            if name.endswith((".xml", ".rels", ".vml")):
                ElementTree.fromstring(new.read(name))  # well formed
        # conditional formats, validations and merged cells stand as they stood
        sheet = new.read("xl/worksheets/sheet2.xml")
        for piece in re.findall(
            rb"<(?:conditionalFormatting|dataValidations|mergeCells|extLst).*?</(?:conditionalFormatting|dataValidations|mergeCells|extLst)>",
            old.read("xl/worksheets/sheet2.xml"),
        ):
            assert piece in sheet


def test_faulty_cells_have_a_colour_and_a_comment_and_theirs_stay(folder: Path) -> None:
    book = openpyxl.load_workbook(BytesIO(given_back(folder)["Lijst van 't Centrum - nagekeken.xlsx"]))
    assert book.sheetnames == ["Samenvatting", "partners", "aanbod"]
    partners, offers = book["partners"], book["aanbod"]
    assert partners["A2"].comment.text == "Bestaande opmerking"
    assert partners["D3"].comment.text.startswith("Even navragen bij het team")
    assert "Xyzzydam" in partners["D3"].comment.text
    assert partners["D3"].fill.fgColor.rgb == FILLS["fout"]
    assert partners["B4"].value is None  # the empty cell that must be filled
    assert partners["B4"].fill.fgColor.rgb == FILLS["fout"]
    assert "naam" in partners["B4"].comment.text
    assert partners["B2"].comment is None
    assert partners["B2"].fill.fill_type is None
    # an unknown column: its header, and dark letters where they were white
    assert partners["E1"].fill.fgColor.rgb == FILLS["waarschuwing"]
    assert partners["E1"].font.color.rgb == "FF1A1A1A"
    assert partners["E1"].font.b
    assert {c.row for c in offers["B"] if c.comment} == {4, 7, 10}
    assert offers["F2"].value == "=D2*2+1"
    assert partners.freeze_panes == "A2"
    # one open tab, and names that are local to a sheet still point at theirs
    assert [s.title for s in book if s.sheet_view.tabSelected] == ["Samenvatting"]
    assert list(book["aanbod"].defined_names) == ["Lokaal"]


def test_the_summary_leads_to_the_cells_and_adds_up(folder: Path) -> None:
    sheet = openpyxl.load_workbook(BytesIO(given_back(folder)["Lijst van 't Centrum - nagekeken.xlsx"]))["Samenvatting"]
    words = [str(c.value) for row in sheet.iter_rows() for c in row if c.value]
    assert "11 gelezen = 8 gebruikt + 3 apart gezet" in words  # three offerings of "Piet Onbekend"
    assert "3 gelezen = 2 gebruikt + 1 apart gezet" in words  # one partner without a name
    links = {c.hyperlink.location for row in sheet.iter_rows() for c in row if c.hyperlink}
    assert {"'aanbod'!B4", "'aanbod'!B7", "'aanbod'!B10", "'partners'!D3"} <= links
    # the kind that costs whole rows comes before the one that costs a cell
    where = [words.index(w) for w in words if w.startswith(("Verwijst naar niets", "Onbekende gemeente"))]
    assert where == sorted(where)


def test_a_workbook_that_comes_back_is_read_as_it_was(folder: Path) -> None:
    before = read(folder)
    after = given_back(folder)["Lijst van 't Centrum - nagekeken.xlsx"]
    path = next(folder.glob("*.xlsx"))
    path.write_bytes(after)
    again = read(folder)
    assert again.counts == before.counts
    assert {(f.code, f.row, f.column) for f in again.findings} == {(f.code, f.row, f.column) for f in before.findings}
    # and what the first check left in it makes place for the second: the same workbook once more
    assert given_back(folder)["Lijst van 't Centrum - nagekeken.xlsx"] != after  # the styles part has grown
    first, second = (openpyxl.load_workbook(BytesIO(b)) for b in (after, given_back(folder)[path.stem + " - nagekeken.xlsx"]))
    assert first.sheetnames == second.sheetnames
    for sheet in first:
        for row in sheet.iter_rows():
            for cell in row:
                other = second[sheet.title][cell.coordinate]
                assert (cell.value, cell.comment and cell.comment.text) == (other.value, other.comment and other.comment.text)
                assert cell.fill.fgColor.rgb == other.fill.fgColor.rgb or sheet.title == "Samenvatting"
    assert list(second["aanbod"].defined_names) == ["Lokaal"]


def test_a_mended_cell_loses_the_mark_of_the_earlier_check(folder: Path) -> None:
    path = next(folder.glob("*.xlsx"))
    book = openpyxl.load_workbook(BytesIO(given_back(folder)[path.stem + " - nagekeken.xlsx"]))
    book["partners"]["D3"] = "Ede"
    book["partners"]["B4"] = "Huisartsenpraktijk"
    book.save(path)  # as the partner's own program does: every part written anew
    again = openpyxl.load_workbook(BytesIO(given_back(folder)[path.stem + " - nagekeken.xlsx"]))
    partners = again["partners"]
    assert again.sheetnames == ["Samenvatting", "partners", "aanbod"]
    assert partners["B4"].comment is None
    assert partners["B4"].fill.fill_type is None
    assert partners["D3"].fill.fill_type is None
    assert partners["D3"].comment.text.startswith("Even navragen bij het team")
    assert partners["A2"].comment.text == "Bestaande opmerking"
    assert {c.row for c in again["aanbod"]["B"] if c.comment} == {4, 7, 10}


def test_the_same_bytes_every_time(folder: Path) -> None:
    assert given_back(folder) == given_back(folder)


def test_csv_comes_back_as_a_workbook_with_the_same_rows_and_never_a_formula(folder: Path) -> None:
    (folder / "wachttijden.csv").write_text(
        "op;soort;waarde\n\nP1;totaal;8 weken\n=cmd|' /C calc'!A0;totaal;vijf zes\n", "cp1252"
    )
    data = given_back(folder)["wachttijden - nagekeken.xlsx"]
    sheet = openpyxl.load_workbook(BytesIO(data))["wachttijden"]
    assert sheet["A4"].value == "=cmd|' /C calc'!A0"
    assert sheet["A4"].data_type == "s"
    assert sheet["C4"].comment is not None
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert all(
            b"<f>" not in archive.read(n) and b"<f " not in archive.read(n)
            for n in archive.namelist()
            if "sheet" in n or "summary" in n
        )


def test_a_refused_file_is_not_given_back(folder: Path) -> None:
    # invented numbers that pass the eleven-test
    rows = "\n".join(f"P{n};Naam {n};{number}" for n, number in enumerate(("111222333", "123456782", "111222333"), 5))
    (folder / "partners extra.csv").write_text(f"id;naam;bsn\n{rows}\n", "utf-8")
    (folder / "cliënten.csv").write_text(f"id;naam;bsn\n{rows}\n", "utf-8")  # no table of ours, so never screened before
    made = given_back(folder)
    for name in ("partners extra", "cliënten"):
        book = openpyxl.load_workbook(BytesIO(made[f"{name} - nagekeken.xlsx"]))
        assert book.sheetnames == ["Samenvatting"]
        assert b"111222333" not in b"".join(
            zipfile.ZipFile(BytesIO(made[f"{name} - nagekeken.xlsx"])).read(n)
            for n in zipfile.ZipFile(BytesIO(made[f"{name} - nagekeken.xlsx"])).namelist()
        )
        assert "111222333" not in made[f"{name} - brief.md"].decode()
    assert "geweigerd" in made["overzicht.md"].decode()


def test_the_letter_thanks_first_names_three_things_and_blames_nobody(folder: Path) -> None:
    text = given_back(folder)["Lijst van 't Centrum - brief.md"].decode()
    parts = text.split("## ")
    assert "Hartelijk dank" in parts[0]
    assert parts[1].startswith("Wat goed ging")
    assert parts[2].startswith("Wat het meest helpt")
    assert parts[2].count("\n- ") == 3
    assert "routekaart@proef.example" in text
    assert "cel B4" in text
    for word in ("fout", "schuld", "slecht", "verkeerd", "helaas"):
        assert word not in text.casefold()


def test_macros_and_signatures_stay_behind_and_are_named(folder: Path, tmp_path: Path) -> None:
    path = folder / "met macro.xlsm"
    with zipfile.ZipFile(next(folder.glob("*.xlsx"))) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "[Content_Types].xml":
                data = data.replace(b"spreadsheetml.sheet.main+xml", b"X").replace(
                    b"application/vnd.openxmlformats-officedocument.X", b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
                )
            if name == "xl/_rels/workbook.xml.rels":
                relation = b'<Relationship Id="rIdV" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/>'
                data = data.replace(b"</Relationships>", relation + b"</Relationships>")
            new.writestr(name, data)
        new.writestr("xl/vbaProject.bin", b"macro")
        new.writestr("_xmlsignatures/sig1.xml", b"<Signature/>")
    out = BytesIO()
    story = stories(read(folder), [path.name])[0]
    kept = hand_back(path, story, out)
    assert kept.whole
    assert kept.lost == ("macros", "signature")
    with zipfile.ZipFile(out) as archive:
        assert not [n for n in archive.namelist() if "vba" in n or "signature" in n]
        assert b"macroEnabled" not in archive.read("[Content_Types].xml")
        assert b"vbaProject" not in archive.read("xl/_rels/workbook.xml.rels")
    assert "macro's" in str([c.value for row in openpyxl.load_workbook(out)["Samenvatting"] for c in row])


def test_a_conversation_at_a_cell_is_left_alone(folder: Path) -> None:
    path = next(folder.glob("*.xlsx"))
    thread = (
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
        '<threadedComment ref="D3" id="{1}"><text>overleg</text></threadedComment></ThreadedComments>'
    )
    parts = {}
    with zipfile.ZipFile(path) as old:
        parts = {n: old.read(n) for n in old.namelist()}
    relation = b'<Relationship Id="rIdT" Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment" Target="../threadedComments/threadedComment1.xml"/>'
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", relation + b"</Relationships>")
    parts["xl/threadedComments/threadedComment1.xml"] = thread.encode()
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    book = openpyxl.load_workbook(BytesIO(given_back(folder)["Lijst van 't Centrum - nagekeken.xlsx"]))
    assert book["partners"]["D3"].comment.text == "Even navragen bij het team"
    assert book["partners"]["D3"].fill.fgColor.rgb == FILLS["fout"]
    assert "1 cellen loopt een gesprek" in str([c.value for row in book["Samenvatting"] for c in row])


def test_what_a_plain_grid_cannot_keep_is_named(folder: Path) -> None:
    path = next(folder.glob("*.xlsx"))
    with zipfile.ZipFile(path) as old:
        parts = {n: old.read(n) for n in old.namelist()}
        assert holds(list(parts)) == ("charts", "images", "shapes", "comments")
    # without styles it is no ordinary .xlsx: it goes back as a grid
    del parts["xl/styles.xml"]
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = re.sub(rb"<Relationship [^>]*styles[^>]*/>", b"", parts[rels])
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    out = BytesIO()
    kept = hand_back(path, stories(read(folder), [path.name])[0], out)
    assert not kept.whole
    assert set(kept.lost) == {"charts", "images", "shapes", "comments", "layout"}
    book = openpyxl.load_workbook(out)
    assert book["aanbod"]["B4"].value == "Piet Onbekend"
    assert book["aanbod"]["B4"].comment is not None
    assert "grafieken" in str([c.value for row in book["Samenvatting"] for c in row])


def test_names_stay_inside_the_folder_and_do_not_collide() -> None:
    names = safe_names(["lijst.csv", "lijst.xlsx", "LIJST.ods", "a/b.csv", "con.csv", "..csv", "x:y.csv"])
    assert names["lijst.csv"] == "lijst (csv)"
    assert names["lijst.xlsx"] == "lijst (xlsx)"
    assert len({n.casefold() for n in names.values()}) == len(names)
    assert not [n for n in names.values() if re.search(r'[<>:"/\\|?*]', n) or n.startswith(".") or n == "con"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=8, unique=True))
def test_every_file_gets_a_name_of_its_own(files: list[str]) -> None:
    names = safe_names([f"{f}.csv" for f in files])
    assert len({n.casefold() for n in names.values()}) == len(files)
    assert all(Path(n).name == n and n not in ("", ".", "..") for n in names.values())


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_safe_in_xml_and_in_markdown(words: str) -> None:
    node = ElementTree.fromstring(f"<a>{escaped(words)}</a>")
    assert (node.text or "").count("<") == words.count("<")
    shown = plain(words)
    assert "\n" not in shown
    assert not re.search(r"(?<!\\)[<>|`*\[\]]", shown.replace("\\\\", ""))


cells = st.dictionaries(st.tuples(st.integers(0, 12), st.integers(0, 9)), st.integers(0, 99), min_size=1, max_size=30)


@settings(max_examples=150, deadline=None)
@given(cells, st.sets(st.tuples(st.integers(0, 14), st.integers(0, 11)), min_size=1, max_size=20), st.booleans(), st.booleans())
def test_painting_changes_the_style_of_the_marked_cells_and_nothing_else(
    held: dict[tuple[int, int], int], marks: set[tuple[int, int]], named: bool, spaced: bool
) -> None:
    """Any sheet, with and without references at its cells, with and without a prefix."""
    p = "x:" if spaced else ""
    rows: dict[int, dict[int, int]] = {}
    for (row, column), value in held.items():
        rows.setdefault(row, {})[column] = value
    text = f'<{p}worksheet xmlns{":x" if spaced else ""}="{MAIN[1:-1]}"><{p}sheetData>'
    for row in sorted(rows):
        text += f'<{p}row r="{row + 1}" spans="1:3">'
        last = max(rows[row])
        for column in range(last + 1) if not named else sorted(rows[row]):
            at = f' r="{chr(65 + column)}{row + 1}"' if named else ""
            text += f'<{p}c{at} s="0"><{p}v>{rows[row][column]}</{p}v></{p}c>' if column in rows[row] else f"<{p}c{at}/>"
        text += f"</{p}row>"
    text += f"</{p}sheetData></{p}worksheet>"
    made = ElementTree.fromstring(painted(text, dict.fromkeys(marks, "fout"), lambda base, severity: base + 7))
    values, styled, order = {}, set(), []
    for row_element in made.iter(f"{MAIN}row"):
        number = int(row_element.get("r", "0")) - 1
        order.append(number)
        column = -1
        for cell in row_element:
            name = cell.get("r")
            column = ord(name[0]) - 65 if name else column + 1
            if cell.get("s") == "7":
                styled.add((number, column))
            if len(cell):
                values[number, column] = int(cell[0].text or "")
    assert values == held
    assert styled == marks
    assert order == sorted(set(order))


def test_a_hundred_thousand_findings_leave_a_sheet_that_opens() -> None:
    found = [((n, n % 3), Finding("missing-value", "x.csv", None, n + 1, "naam")) for n in range(50_000)]
    found += [((n, 5), Finding("bad-value", "x.csv", None, n + 1, "datum", "morgen")) for n in range(10)]
    shown = marked(found, "nl")
    assert len(shown.colours) == MOST_COLOURS
    assert len(shown.notes) == MOST_NOTES
    assert shown.left == 50_010 - MOST_COLOURS
    assert all((n, 5) in shown.notes for n in range(10))  # the rare kind is not drowned by the frequent one


def test_a_cell_of_ten_million_signs_is_not_said_again_whole() -> None:
    finding = Finding("bad-value", "x.csv", None, 2, "waarde", "y" * 10_000_000)
    shown = marked([((1, 0), finding)], "nl")
    assert len(shown.notes[1, 0]) < 4_001


def test_styles_are_added_at_the_end_and_the_others_keep_their_number() -> None:
    text = '<styleSheet><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><cellXfs count="1"><xf fillId="0" fontId="0"/></cellXfs></styleSheet>'
    styles = Styles(text)
    assert styles.coloured(0, "fout") == 1
    assert styles.coloured(0, "fout") == 1
    assert styles.coloured(99, "waarschuwing") == 2  # a style that is not there counts as the first
    made = ElementTree.fromstring(styles.text())
    assert [len(made.find(name) or ()) for name in ("fonts", "fills", "cellXfs")] == [1, 3, 3]
    assert made.find("cellXfs").get("count") == "3"  # type: ignore[union-attr]


def test_a_file_that_cannot_be_read_gets_a_letter_with_the_cure(folder: Path) -> None:
    (folder / "kapot.xlsx").write_bytes(b"PK\x03\x04 dit is geen werkboek")
    made = given_back(folder)
    assert openpyxl.load_workbook(BytesIO(made["kapot - nagekeken.xlsx"])).sheetnames == ["Samenvatting"]
    assert "Er konden nog geen gegevens" in made["kapot - brief.md"].decode()


def test_counts_of_a_story_add_up(example: Reading) -> None:
    files = sorted(set(example.landscape["sources"]["file"]))
    told: list[Story] = stories(example, files)
    assert sum(s.read for s in told) == sum(c.read for c in example.counts.values())
    assert sum(s.used for s in told) == sum(c.used for c in example.counts.values())


def test_in_english(folder: Path) -> None:
    made = given_back(folder, "en")
    assert "Lijst van 't Centrum - checked.xlsx" in made
    assert "Thank you very much" in made["Lijst van 't Centrum - letter.md"].decode()
