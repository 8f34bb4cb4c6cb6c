"""The sheets of a workbook: which there are, and one taken away."""

from __future__ import annotations

import re

from .package import Book
from .xmltext import Element, attribute, inside, replaced, root, with_attribute

_TYPES = "[Content_Types].xml"


def sheets_of(book: Book) -> dict[str, str]:
    """The worksheet part of each sheet by its name, in order."""
    main = book.main
    text_ = book.text(main)
    relations = book.relations(main)
    found = {}
    for element in block_of(text_, "sheets"):
        kind, part = relations.get(attribute(element.attributes, "id") or "", ("", ""))
        name = attribute(element.attributes, "name")
        if kind == "worksheet" and name is not None and part in book:
            found[name] = part
    return found


def block_of(text_: str, name: str) -> list[Element]:
    """The elements in one block of the workbook's part."""
    for element in inside(text_, root(text_)):
        if element.name == name:
            return list(inside(text_, element))
    return []


def remove_sheet(book: Book, place: int) -> None:
    """Take away the sheet at ``place`` (0 = the first); what counts sheets by their place is moved down."""
    main = book.main
    text_ = book.text(main)
    sheet = block_of(text_, "sheets")[place]
    part = book.relations(main)[attribute(sheet.attributes, "id") or ""][1]
    changes = [(sheet.start, sheet.end, "")]
    for name in block_of(text_, "definedNames"):
        local = attribute(name.attributes, "localSheetId")
        if local is None or not local.isdigit() or int(local) < place:
            continue
        if int(local) == place:
            changes.append((name.start, name.end, ""))
        else:
            tag = with_attribute(text_[name.start : name.inside], "localSheetId", str(int(local) - 1))
            changes.append((name.start, name.inside, tag))
    book.put(main, replaced(text_, changes))
    book.unrelate(main, part)
    book.drop(part)
    pattern = rf"<(?:\w+:)?Override\b[^>]*PartName\s*=\s*[\"']/{re.escape(part)}[\"'][^>]*/>"
    book.put(_TYPES, re.sub(pattern, "", book.text(_TYPES)))
