"""What an earlier check left in a workbook that came back: taken away before the new one, so that no old mark misleads."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from ...ontology.catalogue import LANGUAGES, text
from .looks import Styles, place_of
from .notes import AUTHOR
from .package import Book
from .paint import restyled
from .sheets import block_of, remove_sheet, sheets_of
from .xmltext import attribute, escaped, inside, replaced, root

_SAID: Final = ("returns.untouched", "returns.carried_over", "returns.only_summary")


def forget(book: Book, styles: Styles) -> bool:
    """Take away our earlier summary, colours and comments; whether there were any."""
    places = [place for place, _ in summaries(book)]
    if not places:
        return False
    for place in reversed(places):
        remove_sheet(book, place)
    colours = styles.without_ours()
    for part in sheets_of(book).values():
        if colours:
            book.put(part, restyled(book.text(part), colours))
        _without_notes(book, part)
    return True


def summaries(book: Book) -> list[tuple[int, str]]:
    """(place, name) of the sheets that we added: known by their name and by what they say."""
    names = tuple(text("returns.sheet", lang) for lang in LANGUAGES)
    said = [escaped(text(key, lang)) for key in _SAID for lang in LANGUAGES]
    parts = sheets_of(book)
    related = book.relations(book.main).values()
    shared = next((book.text(part) for kind, part in related if kind == "sharedStrings" and part in book), "")
    found = []
    for place, sheet in enumerate(block_of(book.text(book.main), "sheets")):
        name = attribute(sheet.attributes, "name") or ""
        if name.startswith(names) and name in parts:
            own = book.text(parts[name])
            if any(s in own or s in shared for s in said):
                found.append((place, name))
    return found


def _without_notes(book: Book, sheet: str) -> None:
    """The comments of a sheet without ours: whole comments of ours, and what we wrote behind others'."""
    related = list(book.relations(sheet).values())
    comments = next((part for kind, part in related if kind == "comments" and part in book), None)
    if comments is None:
        return
    whole = book.text(comments)
    blocks = {e.name: e for e in inside(whole, root(whole))}
    if "authors" not in blocks or "commentList" not in blocks:
        return
    authors = [unescape(whole[e.inside : e.outside]) for e in inside(whole, blocks["authors"])]
    ours = {str(n) for n, author in enumerate(authors) if author == AUTHOR}
    starts = "|".join(re.escape(escaped(text("returns.note", lang))) for lang in LANGUAGES)
    behind = re.compile(rf"<((?:[\w.-]+:)?)r>(?:(?!</\1r>).)*?<\1t\b[^>]*>\s*(?:{starts})(?:(?!</\1t>).)*</\1t></\1r>", re.DOTALL)
    gone = set()
    changes = []
    for comment in inside(whole, blocks["commentList"]):
        if attribute(comment.attributes, "authorId") in ours:
            gone.add(place_of(attribute(comment.attributes, "ref") or "A1"))
            changes.append((comment.start, comment.end, ""))
            continue
        before = whole[comment.inside : comment.outside]
        changes.append((comment.inside, comment.outside, behind.sub("", before)))
    book.put(comments, replaced(whole, changes))
    for kind, part in related:
        if kind == "vmlDrawing" and part in book and gone:
            book.put(part, _without_shapes(book.text(part), gone))


def _without_shapes(drawing: str, gone: set[tuple[int, int]]) -> str:
    def kept(shape: re.Match[str]) -> str:
        row, column = (re.search(rf"<x:{name}>\s*(\d+)\s*</x:{name}>", shape[0]) for name in ("Row", "Column"))
        ours = row is not None and column is not None and (int(row[1]), int(column[1])) in gone
        return "" if ours and 'ObjectType="Note"' in shape[0] else shape[0]

    return re.sub(r"<v:shape\b.*?</v:shape>", kept, drawing, flags=re.DOTALL)
