"""An .xlsx as its parts: read within bounds, changed in a copy, everything else as it was."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from ..files import guard
from .xmltext import RELATIONS, Unusual, attribute, decoded, escaped, inside, prefix, root

_TYPES: Final = "[Content_Types].xml"
_DATE: Final = (1980, 1, 1, 0, 0, 0)  # a fixed date: same bytes
DECLARED: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE: Final = "http://schemas.openxmlformats.org/package/2006/"
_MACRO_MAIN: Final = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_PLAIN_MAIN: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


class Book:
    """A workbook of which some parts are changed. Use as a context; Unusual where it is no ordinary .xlsx."""

    def __init__(self, path: Path) -> None:
        try:
            self._bounded = guard.Package(path)
            with zipfile.ZipFile(path) as archive:
                self._names = [i.filename for i in archive.infolist() if not i.is_dir()]
        except (guard.RefusedError, zipfile.BadZipFile, OSError) as error:
            raise Unusual("zip") from error
        self._real = {name.casefold(): name for name in self._names}
        self._changed: dict[str, str] = {}
        self._dropped: set[str] = set()

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *error: object) -> None:
        self._bounded.__exit__(None, None, None)

    # --- parts -------------------------------------------------------------------------------------
    @property
    def names(self) -> list[str]:
        """The parts as they are called, in their order."""
        return [n for n in [*self._names, *(c for c in self._changed if c not in self._names)] if n not in self._dropped]

    def __contains__(self, name: str) -> bool:
        return self.real(name) is not None

    def real(self, name: str) -> str | None:
        """The part as it is called (names do not differ by case)."""
        found = self._real.get(name.lstrip("/").casefold())
        return None if found in self._dropped else found

    def text(self, name: str) -> str:
        real = self.real(name)
        if real is None:
            raise Unusual(f"no part {name}")
        if real not in self._changed:
            try:
                return decoded(self._bounded.read(real))
            except (guard.RefusedError, zipfile.BadZipFile, KeyError, OSError) as error:
                raise Unusual(name) from error
        return self._changed[real]

    def put(self, name: str, text: str) -> None:
        real = self.real(name) or name
        self._real[name.casefold()] = real
        self._changed[real] = text

    def drop(self, name: str) -> None:
        """Leave a part out; what refers to it is the caller's to mend."""
        real = self.real(name)
        if real:
            self._dropped.add(real)

    def new_name(self, pattern: str) -> str:
        """A part name that is free: ``pattern`` with a number in it."""
        number = 1
        while pattern.format(number).casefold() in self._real:
            number += 1
        return pattern.format(number)

    def write(self, out: IO[bytes]) -> None:
        """The workbook with its changes; the same bytes for the same parts."""
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name in self.names:
                info = zipfile.ZipInfo(name, _DATE)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o600 << 16
                with archive.open(info, "w", force_zip64=True) as part:
                    if name in self._changed:
                        part.write(self._changed[name].encode())
                    else:
                        for piece in self._untouched(name):
                            part.write(piece)

    def _untouched(self, name: str) -> Iterator[bytes]:
        try:
            yield from self._bounded.chunks(name)
        except (guard.RefusedError, zipfile.BadZipFile) as error:
            raise Unusual(name) from error

    # --- relations and types -----------------------------------------------------------------------
    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: (last word of the type, part) by id; targets outside the package are left out."""
        name = _relations_of(part)
        if name not in self:
            return {}
        text = self.text(name)
        found = {}
        for element in inside(text, root(text)):
            id_, type_, target = (attribute(element.attributes, a) for a in ("Id", "Type", "Target"))
            if id_ and type_ and target and attribute(element.attributes, "TargetMode") != "External":
                base = "" if target.startswith("/") else posixpath.dirname(part)
                found[id_] = (type_.rpartition("/")[2], posixpath.normpath(posixpath.join(base, target.lstrip("/"))))
        return found

    def relate(self, part: str, kind: str, target: str) -> str:
        """A new relation of ``part``; its id."""
        name = _relations_of(part)
        if name not in self:
            self.put(name, f'{DECLARED}<Relationships xmlns="{_OFFICE}relationships"/>')
        text = self.text(name)
        taken = {attribute(e.attributes, "Id") for e in inside(text, root(text))}
        number = 1
        while f"rIdRk{number}" in taken:
            number += 1
        type_ = f"{RELATIONS}/{kind}"
        made = f'<{prefix(text)}Relationship Id="rIdRk{number}" Type="{type_}" Target="/{escaped(target)}"/>'
        self.put(name, added(text, made))
        return f"rIdRk{number}"

    def unrelate(self, part: str, target: str) -> None:
        """Take away the relations of ``part`` to ``target``."""
        name = _relations_of(part)
        gone = {id_ for id_, (_, found) in self.relations(part).items() if found.casefold() == target.casefold()}
        if not gone:
            return
        text = self.text(name)
        for element in reversed(list(inside(text, root(text)))):
            if attribute(element.attributes, "Id") in gone:
                text = text[: element.start] + text[element.end :]
        self.put(name, text)

    def type_of(self, part: str, type_: str) -> None:
        """Say what a new part is."""
        text = self.text(_TYPES)
        made = f'<{prefix(text)}Override PartName="/{escaped(part)}" ContentType="{type_}"/>'
        self.put(_TYPES, added(text, made))

    def type_of_ending(self, ending: str, type_: str) -> None:
        """Say what parts with this ending are, where nothing says so yet."""
        text = self.text(_TYPES)
        for element in inside(text, root(text)):
            if element.name == "Default" and (attribute(element.attributes, "Extension") or "").casefold() == ending:
                return
        outer = root(text)
        made = f'<{prefix(text)}Default Extension="{ending}" ContentType="{type_}"/>'
        self.put(_TYPES, text[: outer.inside] + made + text[outer.inside :])

    @property
    def main(self) -> str:
        """The part of the workbook itself."""
        for kind, target in self.relations("").values():
            if kind == "officeDocument":
                return target
        raise Unusual("no workbook")

    def without_macros(self) -> list[str]:
        """Leave out macros and signatures, which a changed workbook may not carry; what was left out."""
        gone = []
        main = self.main
        for name in self.names:
            low = name.casefold()
            if re.fullmatch(r"xl/vba\w*\.bin", low):
                self.drop(name)
                self.unrelate(main, name)
                gone.append("macros")
            elif low.startswith("_xmlsignatures/"):
                self.drop(name)
                self.unrelate("", name)
                gone.append("signature")
            elif low.startswith("xl/_rels/vba"):
                self.drop(name)
        text = self.text(_TYPES)
        dead = re.compile(r"<(?:\w+:)?Override\b[^>]*PartName\s*=\s*[\"']/(?:xl/vba|_xmlsignatures/)[^>]*/>", re.IGNORECASE)
        changed = dead.sub("", text).replace(_MACRO_MAIN, _PLAIN_MAIN)
        if changed != text:
            self.put(_TYPES, changed)
        return sorted(set(gone))


def added(text: str, child: str) -> str:
    """``text`` with a last child in its outermost element."""
    outer = root(text)
    if not outer.empty:
        return text[: outer.outside] + child + text[outer.outside :]
    tag = text[outer.start : outer.end]
    name = re.match(r"<([\w.:-]+)", tag)
    if name is None:
        raise Unusual("tags")
    return f"{text[: outer.start]}{tag[:-2].rstrip()}>{child}</{name[1]}>{text[outer.end :]}"


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")
