"""A partner's own file back: each cell that something is about coloured and commented, and a summary before it.

An .xlsx keeps everything that is in it, byte for byte but for styles and comments (formulas with their outcomes,
charts, pivot tables, conversations): it is changed as text, never read into a model and written anew. Afterwards a
second reader compares every cell; a workbook that would differ, and every other kind of file, is carried over as a
plain grid of texts, and what is lost by that is named.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from typing import IO, Final

from ...ontology.catalogue import text
from ..files.reading import raw_rows
from .earlier import forget, summaries
from .grid import carried_over, sheet_name
from .looks import Styles, merged_areas
from .notes import annotate
from .package import Book
from .paint import Cell, cells_at, painted, unselected
from .places import Marked, marked
from .sheets import block_of, remove_sheet, sheets_of
from .story import Story
from .summary import as_part, summary
from .xmltext import RELATIONS, Unusual, attribute, prefix, replaced, with_attribute

_WORKSHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_PACKAGES: Final = (".xlsx", ".xlsm")
#: What a plain grid cannot take along, by the parts of the package that hold it.
_HOLDS: Final = (
    ("charts", r"xl/charts/|xl/chartsheets/"),
    ("pivots", r"xl/pivottables/"),
    ("slicers", r"xl/slicers/|xl/timelines/"),
    ("images", r"xl/media/"),
    ("shapes", r"xl/drawings/drawing"),
    ("threads", r"xl/threadedcomments/"),
    ("comments", r"xl/comments"),
    ("controls", r"xl/ctrlprops/|xl/activex/"),
    ("embedded", r"xl/embeddings/"),
    ("links", r"xl/externallinks/"),
    ("custom", r"customxml/"),
    ("label", r"docmetadata/labelinfo"),
    ("macros", r"xl/vbaproject"),
    ("signature", r"_xmlsignatures/"),
)


@dataclass(frozen=True)
class Kept:
    """How a file went back: ``whole`` when everything in it stayed as it was but for ``lost`` (keys of returns.kept)."""

    whole: bool
    lost: tuple[str, ...]


def hand_back(path: Path, story: Story, out: IO[bytes], *, contact: str | None = None, lang: str = "nl") -> Kept:
    """Write the workbook that goes back to whoever sent ``path``; the same bytes every time.

    A file that is refused for what it says of persons, or that cannot be read, comes with its summary only.
    """
    if path.suffix.casefold() in _PACKAGES and not (story.refused or story.withheld):
        try:
            return _whole(path, story, out, contact, lang)
        except Unusual:
            pass
    return _plain(path, story, out, contact, lang)


def holds(names: Sequence[str]) -> tuple[str, ...]:
    """What a package holds beyond cells, by its parts (keys of returns.kept)."""
    low = [n.casefold() for n in names]
    return tuple(key for key, pattern in _HOLDS if any(re.match(pattern, n) for n in low))


# --- an .xlsx as it is ---------------------------------------------------------------------------------
def _whole(path: Path, story: Story, out: IO[bytes], contact: str | None, lang: str) -> Kept:
    with Book(path) as book:
        lost = tuple(book.without_macros())
        ours = {name for _, name in summaries(book)}
        remarks = [text("returns.untouched", lang), *_lost(lost, lang)]
        _mark(book, story, remarks, contact, lang)
        made = BytesIO()
        book.write(made)
    if not _same_cells(path, made, ours):
        raise Unusual("cells differ")
    out.write(made.getbuffer())
    return Kept(True, lost)


def _mark(
    book: Book, story: Story, remarks: list[str], contact: str | None, lang: str, rename: Mapping[str | None, str] | None = None
) -> None:
    """Colour and comment the sheets of ``book``, and put the summary before them."""
    sheets = sheets_of(book)
    names: dict[str | None, str] = dict(rename) if rename is not None else {name: name for name in sheets}
    styles_part = next((part for kind, part in book.relations(book.main).values() if kind == "styles"), None)
    if styles_part is None:
        raise Unusual("no styles")
    styles = Styles(book.text(styles_part))
    if rename is None and forget(book, styles):
        sheets = sheets_of(book)
        names = {name: name for name in sheets}
    for key, found in sorted(story.by_cell.items(), key=lambda pair: pair[0] or ""):
        part = sheets.get(names.get(key, ""))
        if part is None:
            continue
        shown = marked(found, lang)
        left = _mark_sheet(book, part, shown, styles)
        if shown.left:
            remarks.append(text("returns.more_marks", lang, sheet=names[key], number=shown.left))
        if left:
            remarks.append(text("returns.talks", lang, number=left))
    lines = summary(story, remarks, names, contact, lang)
    name = sheet_name(text("returns.sheet", lang), set(sheets))
    _insert(book, name, as_part(lines, styles))
    book.put(styles_part, styles.text())


def _mark_sheet(book: Book, part: str, shown: Marked, styles: Styles) -> int:
    """Colour and comment one sheet; how many cells could not get a comment."""
    sheet = book.text(part)
    areas = merged_areas(sheet, cells_at(sheet)[1])

    def whole(cell: Cell) -> Cell:
        """The cell that shows: of a merged area only the first one does."""
        for top, left, bottom, right in areas:
            if top <= cell[0] <= bottom and left <= cell[1] <= right:
                return top, left
        return cell

    colours: dict[Cell, str] = {}
    notes: dict[Cell, str] = {}
    order = ("fout", "waarschuwing", "opmerking")
    for cell, severity in shown.colours.items():
        at = whole(cell)
        colours[at] = min(severity, colours.get(at, severity), key=order.index)
    for cell, note in shown.notes.items():
        at = whole(cell)
        notes[at] = f"{notes[at]}\n\n{note}" if at in notes else note
    book.put(part, painted(sheet, colours, styles.coloured))
    return len(annotate(book, part, notes))


def _insert(book: Book, name: str, part_text: str) -> None:
    """A new first sheet, opened when the workbook opens; what counts sheets by their place is moved up."""
    main = book.main
    for kind, part in book.relations(main).values():
        if kind in ("worksheet", "chartsheet", "dialogsheet") and part in book:
            before = book.text(part)
            after = unselected(before)
            if after != before:
                book.put(part, after)
    part = book.new_name("xl/routekaart/summary{}.xml")
    book.put(part, part_text)
    book.type_of(part, _WORKSHEET)
    relation = book.relate(main, "worksheet", part)
    text_ = book.text(main)
    sheets = block_of(text_, "sheets")
    if not sheets:
        raise Unusual("no sheets")
    number = 1 + max(int(attribute(s.attributes, "sheetId") or 0) for s in sheets)
    made = f'<{prefix(text_)}sheet xmlns:rk="{RELATIONS}" name="{name}" sheetId="{number}" rk:id="{relation}"/>'
    changes = [(sheets[0].start, sheets[0].start, made)]
    for element in [*block_of(text_, "definedNames"), *block_of(text_, "bookViews")]:
        tag = text_[element.start : element.inside]
        local = attribute(element.attributes, "localSheetId")
        new = with_attribute(tag, "localSheetId", str(int(local) + 1)) if local and local.isdigit() else tag
        if element.name == "workbookView":
            new = with_attribute(with_attribute(new, "activeTab", "0"), "firstSheet", "0")
        if new != tag:
            changes.append((element.start, element.inside, new))
    book.put(main, replaced(text_, changes))


def _same_cells(path: Path, made: BytesIO, ours: set[str]) -> bool:
    """Whether a second reader finds the same values in every sheet of theirs that was there before."""
    import python_calamine

    try:
        with python_calamine.CalamineWorkbook.from_path(path) as before:
            made.seek(0)
            after = python_calamine.CalamineWorkbook.from_filelike(made)
            for name in (n for n in before.sheet_names if n not in ours):
                own: Iterable[Sequence[object]] = before.get_sheet_by_name(name).iter_rows()
                new: Iterable[Sequence[object]] = after.get_sheet_by_name(name).iter_rows()
                if any(_cells(a) != _cells(b) for a, b in zip_longest(own, new, fillvalue=())):
                    return False
    except (python_calamine.CalamineError, ValueError):
        return False
    return True


def _cells(row: Sequence[object]) -> list[object]:
    cells = list(row)
    while cells and cells[-1] in ("", None):
        cells.pop()
    return cells


# --- anything else as a grid ---------------------------------------------------------------------------
def _plain(path: Path, story: Story, out: IO[bytes], contact: str | None, lang: str) -> Kept:
    """A new workbook: the grid as text, or only the summary where nothing may or can go back."""
    names: dict[str | None, str] = {}
    lost: list[str] = []
    remarks = []
    with tempfile.TemporaryDirectory(prefix="routekaart") as folder:
        plain = Path(folder) / "grid.xlsx"
        cut = False
        with plain.open("wb") as file:
            rows = [] if story.refused or story.withheld else raw_rows(path)
            names, cut = carried_over(rows, path.stem, file)
        if names:
            lost = [k for k in _inside(path) if k not in ("macros", "signature")]
            lost += ["layout"] if path.suffix.casefold() not in (".csv", ".tsv", ".txt") else []
            remarks = [text("returns.carried_over", lang), *_lost(lost, lang)]
            remarks += [text("returns.cut", lang)] if cut else []
        else:
            remarks = [text("returns.only_summary", lang)]
            remarks += [text("returns.withheld", lang, sheet=story.withheld)] if story.withheld else []
        with Book(plain) as book:
            _mark(book, story, remarks, contact, lang, names)
            if not names:
                remove_sheet(book, len(block_of(book.text(book.main), "sheets")) - 1)
            made = BytesIO()
            book.write(made)
    out.write(made.getbuffer())
    return Kept(False, tuple(lost))


def _inside(path: Path) -> tuple[str, ...]:
    try:
        with Book(path) as book:
            return holds(book.names)
    except Unusual:
        return ()


def _lost(lost: Sequence[str], lang: str) -> list[str]:
    if not lost:
        return []
    return [text("returns.not_kept", lang, what=", ".join(text(f"returns.kept.{key}", lang) for key in lost))]
