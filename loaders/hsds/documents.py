"""JSON → records: a document, a list of them, a page of an API, tables as JSON, or a record per line.

The text of a file is walked element by element with the standard decoder, so that a list of 100 MB is never in memory as
objects at once. Records that a document repeats are merged by id: what one of them leaves out another may say.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from ..findings import Finding
from .collecting import Collector, kind_of
from .dialect import PAGES, Target, table_named

#: Larger files are refused with their cure: memory stays under about five times this.
MAX_BYTES: Final = 128 * 1024 * 1024
#: Objects in larger files are walked instead of decoded whole.
_LARGE: Final = 16 * 1024 * 1024
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_SEPARATOR: Final = re.compile(r"[ \t\r\n]*([,\]}])")
ENDINGS: Final = (".json", ".ndjson", ".jsonl")
_KINDS: Final = 1_000
_LINES: Final = (".ndjson", ".jsonl")


class NoJson(ValueError):  # noqa: N818  # a verdict on a file, caught at once
    """The text is no JSON; ``at`` is where it stops being so."""

    def __init__(self, at: int, code: str = "json-unreadable") -> None:
        super().__init__(code)
        self.at = at
        self.code = code


class _IsDocument(Exception):  # noqa: N818  # a turn of the walk, caught at once
    """What looked like tables turned out to be one record: its id came after a list."""


def read_document(path: Path, shown: str, into: Collector) -> list[Finding]:
    """Take up the records of the file at ``path``; the findings say what could not be read, and that it is no HSDS."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        return [Finding("json-too-large", shown, values=(("limit", MAX_BYTES // 1024**2), ("size", size // 1024**2)))]
    text = _decoded(path.read_bytes())
    return _File(text, shown, into, by_line=path.suffix.casefold() in _LINES).read()


def _decoded(data: bytes) -> str:
    for mark, encoding in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


class _File:
    def __init__(self, text: str, shown: str, into: Collector, *, by_line: bool) -> None:
        self.text = text
        self.shown = shown
        self.into = into
        self.by_line = by_line
        self.doubled: Counter[str] = Counter()
        self.about: dict[str, Any] = {}
        self.no_record = 0
        self.kinds: dict[tuple[tuple[str, type], ...], Target | None] = {}
        # numbers stay as they are written; NaN is what Python exports for nothing
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_float=str, parse_int=str, parse_constant=lambda _: None
        )

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in pairs:
            if key in made:
                self.doubled[key] += 1
            else:
                made[key] = value
        return made

    def read(self) -> list[Finding]:
        before = self.into.total
        try:
            findings = self.lines() if self.by_line else self.values()
        except NoJson as wrong:
            self.into.forget(self.shown)
            return [self.told(wrong)]
        if self.doubled:
            names = ", ".join(f"{k} ({n})" for k, n in sorted(self.doubled.items())[:10])
            number = sum(self.doubled.values())
            findings.append(Finding("json-double-keys", self.shown, values=(("keys", names), ("number", number))))
        if self.into.total == before and not findings:
            code = "hsds-about" if "version" in self.about else "hsds-not-recognised"
            findings.append(Finding(code, self.shown, values=(("version", str(self.about.get("version", ""))),)))
        elif self.no_record:
            findings.append(Finding("hsds-no-record", self.shown, values=(("number", self.no_record),)))
        return findings

    def told(self, wrong: NoJson) -> Finding:
        line = self.text.count("\n", 0, wrong.at) + 1
        return Finding(wrong.code, self.shown, row=line, values=(("line", line),))

    # --- walking ---------------------------------------------------------------------------------
    def lines(self) -> list[Finding]:
        """A record per line; a line that is no JSON is put apart, the others count."""
        findings: list[Finding] = []
        for number, line in enumerate(self.text.splitlines(), 1):
            if not line.strip():
                continue
            try:
                value = self.decoder.decode(line)
            except (ValueError, RecursionError) as error:
                code = "json-too-deep" if isinstance(error, RecursionError) else "json-unreadable"
                findings.append(Finding(code, self.shown, row=number, values=(("line", number),)))
                self.into.malformed(self.shown)
                continue
            self.record(value, "", None)
        return findings

    def values(self) -> list[Finding]:
        """All values in the text: one as a rule, several where somebody put a record on each line of a .json."""
        first = at = self.after_space(0)
        while at < len(self.text):
            if self.text[at] == "[":
                at = self.elements(at, lambda value: self.record(value, "[]", None))
            elif self.text[at] == "{" and at == first and len(self.text) > _LARGE:
                at = self.members(at)
            elif self.text[at] == "{":
                value, at = self.value(at)
                self.record(value, "", None)
            else:
                raise NoJson(at)
            at = self.after_space(at)
        return []

    def after_space(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def value(self, at: int) -> tuple[Any, int]:
        try:
            return self.decoder.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            raise NoJson(error.pos) from error
        except RecursionError as error:
            raise NoJson(at, "json-too-deep") from error
        except ValueError as error:  # a number of thousands of digits
            raise NoJson(at) from error

    def elements(self, at: int, take: Callable[[Any], None]) -> int:
        """Hand each element of the list that begins at ``at`` to ``take``; the place after it."""
        at = self.after_space(at + 1)
        if self.text[at : at + 1] == "]":
            return at + 1
        while True:
            value, at = self.value(self.after_space(at))
            take(value)
            at, sign = self.separator(at)
            if sign == "]":
                return at
            if sign != ",":
                raise NoJson(at)

    def separator(self, at: int) -> tuple[int, str]:
        found = _SEPARATOR.match(self.text, at)
        if not found:
            raise NoJson(at)
        return found.end(), found[1]

    def members(self, at: int) -> int:
        """The object that begins at ``at``: tables and pages are walked, anything else is one record."""
        start = at
        try:
            return self.tables(at)
        except _IsDocument:
            self.into.forget(self.shown)
            value, at = self.value(start)
            self.record(value, "", None)
            return at

    def tables(self, at: int) -> int:
        seen: dict[str, Any] = {}
        walked = False
        at = self.after_space(at + 1)
        if self.text[at : at + 1] == "}":
            return at + 1
        while True:
            at = self.after_space(at)
            key, at = self.value(at)
            at = self.after_space(at)
            if not isinstance(key, str) or self.text[at : at + 1] != ":":
                raise NoJson(at)
            at = self.after_space(at + 1)
            target = table_named(key)
            listed = self.text[at : at + 1] == "[" and (target is not None or key in PAGES)
            if listed:
                if "id" in seen or "name" in seen:
                    raise _IsDocument
                walked = True
                at = self.elements(at, self.taker(key, target))
            else:
                value, at = self.value(at)
                seen.setdefault(key, value)
            if walked and ("id" in seen or "name" in seen):
                raise _IsDocument
            at, sign = self.separator(at)
            if sign == "}":
                break
            if sign != ",":
                raise NoJson(at)
        if not walked:
            self.record(seen, "", None)
        return at

    def taker(self, key: str, target: Target | None) -> Callable[[Any], None]:
        return lambda value: self.record(value, f"{key}[]", target)

    def kind(self, value: dict[str, Any]) -> Target | None:
        """What record an object is; records of one source have the same keys, and are looked at once."""
        keys = tuple((key, type(item)) for key, item in value.items())
        if keys not in self.kinds:
            if len(self.kinds) > _KINDS:
                self.kinds.clear()
            self.kinds[keys] = kind_of(value, self.shown)
        return self.kinds[keys]

    def record(self, value: Any, path: str, target: Target | None) -> None:
        """Take up one value that ought to be a record."""
        if isinstance(value, list) and not path:
            for item in value:
                self.record(item, "[]", None)
            return
        page = _page(value) if target is None else None
        if page is not None:
            for key, kind, items in page:
                for item in items:
                    self.record(item, f"{key}[]", kind)
            return
        found = target or (self.kind(value) if isinstance(value, dict) else None)
        if found is None:
            if isinstance(value, dict):
                self.about |= {k: v for k, v in value.items() if isinstance(v, str)}
                self.no_record += 1 if path or self.by_line else 0
            else:
                self.no_record += 1
            if path or self.by_line:
                self.into.malformed(self.shown)
            return
        self.into.take(value, found, self.shown, path)


def _page(value: Any) -> list[tuple[str, Target | None, list[Any]]] | None:
    """The lists of a page or of tables-as-JSON that stands on a line by itself; None for a record."""
    if not isinstance(value, dict) or "id" in value or "name" in value:
        return None
    found: Iterator[tuple[str, Target | None, list[Any]]] = (
        (key, table_named(key), items) for key, items in value.items() if isinstance(items, list)
    )
    lists = [(key, kind, items) for key, kind, items in found if kind or key in PAGES]
    return lists or None
