"""Comments at cells: ours beside or behind those that stand there already."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from ..files.worksheet import letters_of
from .package import DECLARED, Book, added
from .paint import Cell, with_drawing
from .xmltext import attribute, escaped, inside, prefix, replaced, root

AUTHOR: Final = "routekaart"
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_COMMENTS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SPACES: Final = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_KIND: Final = (
    '<v:shapetype {spaces}id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
#: Signs on a line of a comment, and the columns and rows that it covers.
_LINE: Final = 52


def annotate(book: Book, sheet: str, notes: Mapping[Cell, str]) -> set[Cell]:
    """Put ``notes`` at cells of the worksheet part ``sheet``; which cells got none.

    A cell with a threaded conversation keeps it untouched: a note of ours there would not be seen.
    """
    related = book.relations(sheet)
    threads = {cell for kind, part in related.values() if kind == "threadedComment" for cell in _talked_about(book, part)}
    left = {cell for cell in notes if reference(cell) in threads}
    notes = {cell: note for cell, note in notes.items() if cell not in left}
    if not notes:
        return left
    comments = next((part for kind, part in related.values() if kind == "comments" and part in book), None)
    if comments is None:
        comments = book.new_name("xl/routekaart/comments{}.xml")
        book.put(comments, f'{DECLARED}<comments xmlns="{_MAIN}"><authors/><commentList/></comments>')
        book.type_of(comments, _COMMENTS)
        book.relate(sheet, "comments", comments)
    text, new = _with_notes(book.text(comments), notes)
    book.put(comments, text)
    drawing = _drawing(book, sheet)
    book.put(drawing, _with_shapes(book.text(drawing), {cell: notes[cell] for cell in new}))
    return left


def reference(cell: Cell) -> str:
    """A cell as B12."""
    return f"{letters_of(cell[1])}{cell[0] + 1}"


def _talked_about(book: Book, part: str) -> set[str]:
    if part not in book:
        return set()
    text = book.text(part)
    return {attribute(e.attributes, "ref") or "" for e in inside(text, root(text))}


def _with_notes(text: str, notes: Mapping[Cell, str]) -> tuple[str, list[Cell]]:
    """The comments with ours, and the cells that had none before."""
    p = prefix(text)
    blocks = {e.name: e for e in inside(text, root(text))}
    if "authors" in blocks:
        authors = blocks["authors"]
        number = sum(1 for _ in inside(text, authors)) if not authors.empty else 0
        ours = f"<{p}author>{AUTHOR}</{p}author>"
        if authors.empty:
            text = replaced(text, [(authors.start, authors.end, f"<{p}authors>{ours}</{p}authors>")])
        else:
            text = replaced(text, [(authors.outside, authors.outside, ours)])
    else:
        number = 0
        inner = root(text).inside
        text = text[:inner] + f"<{p}authors><{p}author>{AUTHOR}</{p}author></{p}authors>" + text[inner:]
    blocks = {e.name: e for e in inside(text, root(text))}
    if "commentList" not in blocks:
        text = added(text, f"<{p}commentList/>")
        blocks = {e.name: e for e in inside(text, root(text))}
    comments = blocks["commentList"]
    changes: list[tuple[int, int, str]] = []
    waiting = {reference(cell): cell for cell in notes}
    for comment in inside(text, comments) if not comments.empty else ():
        cell = waiting.pop((attribute(comment.attributes, "ref") or "").replace("$", ""), None)
        body = next((e for e in inside(text, comment) if e.name == "text"), None) if cell else None
        if cell is None:
            continue
        run = f'<{p}r><{p}t xml:space="preserve">\n\n{escaped(notes[cell])}</{p}t></{p}r>'
        if body is None or body.empty:
            start, end = (body.start, body.end) if body else (comment.inside, comment.inside)
            changes.append((start, end, f"<{p}text>{run}</{p}text>"))
            continue
        ends = [e.end for e in inside(text, body) if e.name in ("r", "t")]
        where = ends[-1] if ends else body.inside
        changes.append((where, where, run))
    made = "".join(
        f'<{p}comment ref="{ref}" authorId="{number}"><{p}text><{p}r><{p}t xml:space="preserve">{escaped(notes[cell])}'
        f"</{p}t></{p}r></{p}text></{p}comment>"
        for ref, cell in waiting.items()
    )
    if comments.empty:
        changes.append((comments.start, comments.end, f"<{p}commentList>{made}</{p}commentList>"))
    else:
        changes.append((comments.outside, comments.outside, made))
    return replaced(text, changes), list(waiting.values())


def _drawing(book: Book, sheet: str) -> str:
    """The drawing that holds the boxes of the comments of a sheet; a new one where there is none."""
    text = book.text(sheet)
    link = re.search(r"<(?:[\w.-]+:)?legacyDrawing(?=[\s/>])([^>]*?)/?>", text)
    if link is not None:
        found = book.relations(sheet).get(attribute(link[1], "id") or "")
        if found and found[1] in book:
            return found[1]
    drawing = book.new_name("xl/routekaart/vmlDrawing{}.vml")
    layout = '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>'
    book.put(drawing, f"<xml {_SPACES}>{layout}</xml>")
    book.type_of_ending("vml", _VML)
    id_ = book.relate(sheet, "vmlDrawing", drawing)
    if link is None:
        book.put(sheet, with_drawing(text, id_))
    else:
        tag = re.sub(r"(:id\s*=\s*)(\"[^\"]*\"|'[^']*')", rf'\g<1>"{id_}"', link[0])
        book.put(sheet, text.replace(link[0], tag, 1))
    return drawing


def _with_shapes(text: str, notes: Mapping[Cell, str]) -> str:
    """The drawing with a box for each note, hidden until one points at the cell."""
    end = text.rfind("</xml>")
    head = text[: text.find(">", text.find("<xml")) + 1]
    spaces = "" if all(f"xmlns:{p}=" in head for p in "vox") else _SPACES + " "
    taken = [int(n) for n in re.findall(r"_x0000_s(\d+)", text)]
    number = max([1024, *taken])
    made = [] if "_x0000_t202" in text else [_KIND.format(spaces=spaces)]
    for (row, column), note in sorted(notes.items()):
        number += 1
        lines = sum(1 + len(line) // _LINE for line in note.split("\n"))
        deep = min(24, max(4, lines))
        made.append(
            f'<v:shape {spaces}id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;visibility:hidden" '
            'fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/>'
            '<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div>'
            '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
            f"<x:Anchor>{column + 1}, 15, {row}, 4, {column + 5}, 15, {row + deep}, 4</x:Anchor><x:AutoFill>False</x:AutoFill>"
            f"<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
        )
    return text[:end] + "".join(made) + text[end:]
