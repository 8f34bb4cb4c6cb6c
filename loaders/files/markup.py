"""XML parts → events, by expat: names without prefix, no document type, no entities but XML's own five."""

from __future__ import annotations

import xml.parsers.expat as expat  # guarded: a document type, where entities come from, is refused
from collections.abc import Callable, Iterable

from .guard import RefusedError

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class BrokenError(Exception):
    """A part that is no sound XML, or not what the format says."""


def parse(chunks: Iterable[bytes], start: Start, end: End | None = None, text: Text | None = None) -> None:
    """Feed the events of a part to ``start``, ``end`` and ``text``. Raises BrokenError or RefusedError.

    Names lose their namespace (``x:row`` and ``row`` are one), because writers differ in prefixes only.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    local: dict[str, str] = {}

    def name_of(name: str) -> str:
        found = local.get(name)
        if found is None:
            found = local[name] = name.rpartition(":")[2]
        return found

    def refuse(*_: object) -> None:
        raise RefusedError("file-doctype")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    prefixed = False

    def first(name: str, attributes: dict[str, str]) -> None:
        nonlocal prefixed
        prefixed = ":" in name
        if prefixed:
            parser.StartElementHandler = lambda n, a: start(name_of(n), a)
            if end is not None:
                parser.EndElementHandler = lambda n: end(name_of(n))
        else:
            parser.StartElementHandler = start
            if end is not None:
                parser.EndElementHandler = end
        start(name_of(name), attributes)

    parser.StartElementHandler = first
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for piece in chunks:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise BrokenError(str(error)) from error
