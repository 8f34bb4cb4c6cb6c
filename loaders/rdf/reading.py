"""An RDF file, read without reaching out: no context, import or entity is ever fetched, and what unpacks is bounded."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, Final
from urllib.parse import quote
from xml.parsers import expat

from ...ontology.catalogue import ToldError
from .apart import TIME_LIMIT, ApartError, read_apart
from .facts import Triple, plain

#: Endings and the syntax that they stand for, as Oxigraph calls it by its file extension.
SYNTAXES: Final = MappingProxyType(
    {
        ".ttl": "ttl",
        ".turtle": "ttl",
        ".nt": "nt",
        ".nq": "nq",
        ".trig": "trig",
        ".jsonld": "jsonld",
        ".json": "jsonld",
        ".rdf": "rdf",
        ".xml": "rdf",
        ".owl": "rdf",
    }
)
MB: Final = 1 << 20
#: The largest file; a syntax that is read as one tree (XML, JSON) much less. A nation is 900 MB of N-Triples.
LARGEST: Final = 1024 * MB
LARGEST_TREE: Final = 64 * MB
#: Elements within elements: RDF/XML of people stays under ten, and the parser's time grows with the square.
DEEPEST: Final = 100
#: All signs of what a file unpacks to.
MOST_TEXT: Final = 2048 * MB
_NAMES: Final = MappingProxyType(
    {"ttl": "Turtle", "nt": "N-Triples", "nq": "N-Quads", "trig": "TriG", "jsonld": "JSON-LD", "rdf": "RDF/XML"}
)
_REMOTE: Final = "LoadDocumentCallback"


class RdfError(ToldError):
    """A file that cannot be validated because it is not there or no RDF."""


def triples(path: Path, blank: Iterator[str]) -> Iterator[Triple]:
    """The triples of the RDF file, or of the build, at ``path``; of a build only what any reader may see.

    ``blank`` gives the names of blank nodes, which go on over several files. Raises RdfError, with the line where
    there is one, and EditionError for a folder that is no build.
    """
    if path.is_dir():
        from ...graph.edition import open_build
        from ...graph.stores.rdf import PUBLIC

        path = open_build(path).path / PUBLIC
    if not path.exists():
        raise RdfError("rdf-no-file", path=path)
    syntax = SYNTAXES.get(path.suffix.lower())
    if syntax is None:
        raise RdfError("rdf-ending", file=path.name, known=", ".join(SYNTAXES))
    limit = LARGEST_TREE if syntax in ("rdf", "jsonld") else LARGEST
    if path.stat().st_size > limit:
        raise RdfError("rdf-too-large", file=path.name, limit=limit // MB)
    with path.open("rb") as file:
        yield from _parsed(_unmarked(file), path.name, syntax, blank)


def _unmarked(file: IO[bytes]) -> IO[bytes]:
    """The file after its byte-order mark."""
    if file.read(3) != b"\xef\xbb\xbf":
        file.seek(0)
    return file


def _parsed(file: IO[bytes], name: str, syntax: str, blank: Iterator[str]) -> Iterator[Triple]:
    signs = 0
    try:
        for triple in plain(_quads(file, name, syntax), blank):
            value = triple[2]
            signs += len(triple[0]) + (len(value) if isinstance(value, str) else len(value.text))
            if signs > MOST_TEXT:  # a long prefix, used a million times
                raise OverflowError(MOST_TEXT)
            yield triple
    except SyntaxError as error:
        raise _told(error.msg or str(error), error.lineno or 0, name, syntax) from error
    except ApartError as error:
        raise _told(error.why, error.line, name, syntax) from error
    except TimeoutError as error:
        raise RdfError("rdf-too-long", outside=True, file=name, seconds=f"{TIME_LIMIT:g}") from error
    except OverflowError as error:
        raise RdfError("rdf-unpacks", file=name, limit=MOST_TEXT // MB) from error


def _quads(file: IO[bytes], name: str, syntax: str) -> Any:
    import pyoxigraph as ox

    base = f"file:///{quote(name)}"
    if syntax == "jsonld":
        return read_apart(file, base, MOST_TEXT, TIME_LIMIT)
    if syntax == "rdf":
        file = io.BytesIO(_harmless_xml(file.read(), name))
    return ox.parse(file, format=ox.RdfFormat.from_extension(syntax), base_iri=base)


def _told(why: str, line: int, name: str, syntax: str) -> RdfError:
    """What Oxigraph says is wrong, as a sentence."""
    if _REMOTE in why:
        return RdfError("rdf-remote-context", file=name)
    if "UTF-8" in why:
        return RdfError("rdf-not-utf8", file=name, line=line or 1)
    known, short = _NAMES[syntax], why.rpartition(": ")[2] if line else why
    if line:
        return RdfError("rdf-syntax", file=name, line=line, syntax=known, why=short)
    return RdfError("rdf-syntax-somewhere", file=name, syntax=known, why=short)


def _harmless_xml(text: bytes, name: str) -> bytes:
    """``text`` where it is XML without entities of its own and not too deep; RdfError otherwise.

    Oxigraph unpacks entities without limit and does not tell the line of a fault: expat, which comes with Python, does.
    """
    parser = expat.ParserCreate("utf-8")  # as Oxigraph reads it, whatever the file says of itself
    depth = 0

    def refuse(*_: Any) -> None:
        raise RdfError("rdf-entities", file=name, line=parser.CurrentLineNumber)

    def begin(*_: Any) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise RdfError("rdf-too-deep", file=name, line=parser.CurrentLineNumber, limit=DEEPEST)

    def end(*_: Any) -> None:
        nonlocal depth
        depth -= 1

    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        why = expat.ErrorString(error.code)
        raise RdfError("rdf-syntax", file=name, line=error.lineno, syntax="RDF/XML", why=why) from error
    return text
