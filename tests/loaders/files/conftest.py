"""What the tests of reading share: a file as it was read, in a form that is easy to compare."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from routekaart.graph.schema import INPUT_TABLES
from routekaart.loaders.files.reading import read_file
from routekaart.loaders.files.sheet import ROW, Sheet
from routekaart.loaders.findings import Finding
from routekaart.ontology.concepts import folded

VOCABULARY = frozenset(folded(name) for t in INPUT_TABLES for c in t.headed for name in (c.name, c.nl, c.en))


@dataclass(frozen=True)
class Seen:
    """A file as it was read."""

    sheets: list[Sheet]
    findings: list[Finding]

    @property
    def rows(self) -> dict[int, tuple[str | None, ...]]:
        """The rows of the only sheet by the number that the spreadsheet shows, under its headers only."""
        (sheet,) = self.sheets
        return {row[-1]: row[:-1] for row in sheet.frame.select(*sheet.headers, ROW).iter_rows()}

    @property
    def headers(self) -> tuple[str, ...]:
        return self.sheets[0].headers

    @property
    def codes(self) -> list[str]:
        """The codes of all findings; each must be able to tell itself in both languages."""
        for finding in self.findings:
            for lang in ("nl", "en"):
                assert "{" not in finding.message(lang) + finding.cure(lang) + finding.title(lang)
        return [f.code for f in self.findings]

    def at(self, code: str) -> list[tuple[int | None, str | None, str | None]]:
        """(row, column, value) of every finding with ``code``."""
        return [(f.row, f.column, f.value) for f in self.findings if f.code == code]

    def said(self, code: str) -> dict[str, object]:
        """What fills the sentence of the only finding with ``code``."""
        (finding,) = (f for f in self.findings if f.code == code)
        return dict(finding.values)


class Reads:
    """Reads files with our own vocabulary."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        return self.folder / name

    def bytes(self, data: bytes, name: str = "partners.csv") -> Seen:
        self.path(name).write_bytes(data)
        return self.file(name)

    def text(self, text: str, name: str = "partners.csv", encoding: str = "utf-8") -> Seen:
        return self.bytes(text.encode(encoding), name)

    def file(self, name: str, vocabulary: frozenset[str] = VOCABULARY) -> Seen:
        return Seen(*read_file(self.path(name), name, vocabulary))


@pytest.fixture
def reads(tmp_path: Path) -> Reads:
    """``reads.text("id;naam…")`` writes a file and reads it."""
    return Reads(tmp_path)
