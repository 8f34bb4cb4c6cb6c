"""An .xlsx or .xlsm package: which sheets it has, its shared texts and its number formats (ECMA-376)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from . import formats, markup
from .formats import Format
from .guard import LONGEST_CELL, MOST_SHEETS, Budget, Package, RefusedError
from .markup import BrokenError

#: In place of a shared text that is longer than a cell may be.
TOO_LONG = "\x00too long"
#: Where these parts stand when nobody says otherwise; some readers look nowhere else.
_USUAL = {"sharedStrings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """``_x000D_`` is how OOXML writes a sign that XML cannot hold."""
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


@dataclass(frozen=True, slots=True)
class Part:
    """A worksheet of the package."""

    name: str
    path: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Workbook:
    """What all sheets of a workbook share.

    ``never_computed``: no spreadsheet has computed its formulas yet; ``usual``: its parts stand where every reader finds them.
    """

    parts: tuple[Part, ...]
    texts: list[str]
    formats: tuple[Format, ...]
    from_1904: bool
    never_computed: bool
    macros: bool
    links: bool
    embedded: bool
    usual: bool


def workbook(package: Package, budget: Budget) -> Workbook:
    """The workbook in ``package``. Raises BrokenError where it is none."""
    main = _main_part(package)
    kinds = _relations(package, main)
    sheets: list[tuple[str, str, bool]] = []
    settings: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            target = next((v for k, v in attributes.items() if k == "id" or k.endswith(":id")), "")
            sheets.append((attributes.get("name", ""), target, attributes.get("state", "visible") != "visible"))
            if len(sheets) > MOST_SHEETS:
                raise RefusedError("too-many-sheets", number=MOST_SHEETS)
        elif name in ("workbookPr", "calcPr"):
            settings.update(attributes)

    markup.parse(package.chunks(main), start)
    parts = []
    for name, target, hidden in sheets:
        kind, path = kinds.get(target, ("", ""))
        if kind == "worksheet":  # a chart or a dialogue has no cells
            if path not in package:
                raise BrokenError(f"{path}?")
            parts.append(Part(name, path, hidden))
    if len({p.path for p in parts}) != len(parts):
        raise BrokenError("a sheet stands there twice")
    by_kind: dict[str, str] = {**{kind: path for kind, path in _USUAL.items() if path in package}, **dict(kinds.values())}
    return Workbook(
        tuple(parts),
        _texts(package, by_kind.get("sharedStrings"), budget),
        _formats(package, by_kind.get("styles")),
        settings.get("date1904") in ("1", "true"),
        settings.get("fullCalcOnLoad") in ("1", "true"),
        macros="vbaProject" in by_kind or "xlMacrosheet" in by_kind,
        links="externalLink" in by_kind,
        embedded=any("/embeddings/" in n for n in package.names),
        usual=main == "xl/workbook.xml" and all(by_kind.get(kind, path) == path for kind, path in _USUAL.items()),
    )


def _main_part(package: Package) -> str:
    if "_rels/.rels" in package:
        found = _relations(package, "")
        for kind, path in found.values():
            if kind == "officeDocument" and path in package:
                return path
    if "xl/workbook.xml" in package:
        return "xl/workbook.xml"
    raise BrokenError("no workbook")


def _relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Id → (last word of the type, path in the package) of everything that ``part`` refers to inside it."""
    folder, _, file = part.rpartition("/")
    path = posixpath.join(folder, "_rels", f"{file}.rels")
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target)

    if path in package:
        markup.parse(package.chunks(path), start)
    return found


class _Texts:
    """The shared texts: what is bold or coloured in part is one text, reading aids for Asian scripts are none."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.texts: list[str] = []
        self.pieces: list[str] = []
        self.inside = False
        self.aid = self.length = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "t":
            self.inside = not self.aid
        elif name == "rPh":
            self.aid += 1
        elif name == "si":
            self.pieces.clear()
            self.length = 0

    def end(self, name: str) -> None:
        if name == "t":
            self.inside = False
        elif name == "rPh":
            self.aid -= 1
        elif name == "si":
            whole = TOO_LONG if self.length > LONGEST_CELL else unescaped("".join(self.pieces))
            self.budget.spend(0, len(whole))
            self.texts.append(whole)

    def text(self, piece: str) -> None:
        if self.inside:
            self.length += len(piece)
            if self.length <= LONGEST_CELL:
                self.pieces.append(piece)


def _texts(package: Package, path: str | None, budget: Budget) -> list[str]:
    if path is None or path not in package:
        return []
    reader = _Texts(budget)
    markup.parse(package.chunks(path), reader.start, reader.end, reader.text)
    return reader.texts


def _formats(package: Package, path: str | None) -> tuple[Format, ...]:
    """The number format of each cell style, by its number."""
    if path is None or path not in package:
        return ()
    own: dict[int, str] = {}
    used: list[int] = []
    inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if name == "numFmt":
            own[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            inside = True
        elif name == "xf" and inside:
            used.append(int(attributes.get("numFmtId", "0")))

    def end(name: str) -> None:
        nonlocal inside
        if name == "cellXfs":
            inside = False

    try:
        markup.parse(package.chunks(path), start, end)
    except ValueError as error:
        raise BrokenError(str(error)) from error
    known: Mapping[int, str] = {**formats.BUILT_IN, **own}
    return tuple(formats.format_of(known.get(number, "General")) for number in used)
