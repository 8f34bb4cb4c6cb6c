"""The first sheet of a workbook that goes back: what was read, what helps most, and links to the cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from ...ontology.catalogue import text
from .looks import Styles
from .notes import reference
from .places import shortened
from .story import Group, Story
from .xmltext import escaped

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MOST_GROUPS: Final = 150
_MOST_PLACES: Final = 20
_WIDTHS: Final = (44, 16, 70, 70)
#: Height of a line of text, and signs of running text that fit in one unit of column width.
_HEIGHT: Final = 15
_SIGNS: Final = 1.1
_HIGH: Final = {"title": 28, "heading": 22}


@dataclass(frozen=True, slots=True)
class Written:
    """One cell of the summary: its words, its look (see looks.LOOKS) and the place that it leads to."""

    words: str
    look: str = "plain"
    link: str | None = None


Line = Sequence[Written]


def summary(story: Story, remarks: Sequence[str], names: dict[str | None, str], contact: str | None, lang: str) -> list[Line]:
    """The lines of the sheet. ``names`` has the name of each sheet in the workbook; ``remarks`` say how it was made."""

    def say(key: str, **values: object) -> str:
        return text(f"returns.{key}", lang, **values)

    lines: list[Line] = [
        [Written(say("title_refused" if story.refused else "title", file=story.file), "title")],
        [Written(remarks[0], "line")],
    ]
    if not story.refused:
        lines.append([Written(counts(story, lang), "line")])
        lines += [[], [Written(say("legend_head"), "heading")]]
        lines += [[Written(say(f"severities.{s}"), s)] for s in ("fout", "waarschuwing", "opmerking")]
    if story.tables:
        lines += [[], [Written(say("tables_head"), "heading")]]
        lines.append([Written(say(f"columns.{c}"), "head") for c in ("sheet", "table", "rows")])
        for table in story.tables:
            name = names.get(table.sheet, table.sheet or story.file)
            shown = Written(name, "link", _location(name, "A1")) if table.sheet in names else Written(name)
            counted = say("rows", read=table.read, used=table.used, apart=table.apart)
            lines.append([shown, Written(table.table), Written(counted)])
    parts = (
        ("mend_head", story.to_mend()),
        ("assumed_head", story.assumed()),
        ("private_head", story.private()),
        ("other_head", story.others()),
    )
    for head, groups in parts:
        if groups:
            lines += [[], [Written(say(head), "heading")]]
            lines += _groups(groups, names, lang)
        elif head == "mend_head" and not story.refused:
            lines += [[], [Written(say(head), "heading")], [Written(say("nothing"), "line")]]
    if remarks[1:]:
        lines += [[], [Written(say("about_head"), "heading")], *([Written(r, "line")] for r in remarks[1:])]
    if not (story.refused or story.withheld):
        lines += [[], [Written(say("back_head"), "heading")], [Written(say("back", sheet=say("sheet")), "line")]]
    lines.append([Written(say("mail", contact=contact) if contact else say("mail_unknown"), "line")])
    return lines


def counts(story: Story, lang: str) -> str:
    """How many rows could be used, as a sentence."""
    key = "used_none" if not story.used else "used_all" if story.used == story.read else "used_some"
    return text(f"returns.{key}", lang, read=story.read, used=story.used, apart=story.read - story.used)


def _groups(groups: Sequence[Group], names: dict[str | None, str], lang: str) -> Iterable[Line]:
    yield [Written(text(f"returns.{c}", lang), "head") for c in ("where", "number", "message", "cure")]
    for group in groups[:_MOST_GROUPS]:
        first = group.first
        message = shortened(first.message(lang))
        if group.number > 1 and first.value:
            message = text("returns.for_example", lang, message=message, number=group.number)
        sheet = names.get(first.sheet, first.sheet)
        whole = text("returns.whole", lang) if first.sheet else text("returns.whole_file", lang)
        where = " · ".join(part for part in (sheet, first.column) if part) or whole
        yield [
            Written(f"{first.title(lang)}\n{where}", first.severity),
            Written(str(group.number), first.severity),
            Written(message),
            Written(shortened(first.request(lang))),
        ]
        if sheet is None or first.sheet not in names:
            continue
        for cell in group.cells[:_MOST_PLACES]:
            yield [Written(f"→ {sheet}!{reference(cell)}", "link", _location(sheet, reference(cell)))]
        if len(group.cells) > _MOST_PLACES:
            yield [Written(text("returns.and_more", lang, number=len(group.cells) - _MOST_PLACES))]
    if len(groups) > _MOST_GROUPS:
        yield [Written(text("returns.more_groups", lang, number=len(groups) - _MOST_GROUPS), "line")]


def _location(sheet: str, cell: str) -> str:
    quoted = sheet.replace("'", "''")
    return f"'{quoted}'!{cell}"


def _height(line: Line) -> int:
    """How high a line must be for all its words, as no program works that out for certain."""
    if line[0].look in _HIGH:
        return _HIGH[line[0].look]
    if line[0].look == "line":
        return _HEIGHT
    lines = [
        sum(max(1, ceil(len(part) / (width * _SIGNS))) for part in cell.words.split("\n"))
        for cell, width in zip(line, _WIDTHS, strict=False)
    ]
    return min(400, _HEIGHT * max(lines))


def as_part(lines: Sequence[Line], styles: Styles) -> str:
    """The lines as a worksheet part; every cell is text, whatever it begins with."""
    rows = []
    links = []
    for number, line in enumerate(lines, 1):
        cells = []
        for place, cell in enumerate(line):
            at = reference((number - 1, place))
            words = f'<is><t xml:space="preserve">{escaped(cell.words)}</t></is>'
            cells.append(f'<c r="{at}" s="{styles.look(cell.look)}" t="inlineStr">{words}</c>')
            if cell.link:
                links.append(f'<hyperlink ref="{at}" location="{escaped(cell.link)}" display="{escaped(cell.words)}"/>')
        if cells:
            rows.append(f'<row r="{number}" ht="{_height(line)}" customHeight="1">{"".join(cells)}</row>')
    columns = "".join(f'<col min="{n}" max="{n}" width="{w}" customWidth="1"/>' for n, w in enumerate(_WIDTHS, 1))
    linked = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{_MAIN}">'
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0"/>'
        f"</sheetViews><cols>{columns}</cols><sheetData>{''.join(rows)}</sheetData>{linked}"
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
    )
