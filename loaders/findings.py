"""Findings: what is wrong in a file, where, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from ..ontology.catalogue import text

Severity = Literal["fout", "waarschuwing", "opmerking"]

#: Every code with its severity. The sentences are in ontology/texts/findings.toml.
CODES: Final[dict[str, Severity]] = {
    "no-partners": "fout",
    "file-unreadable": "fout",
    "file-empty": "fout",
    "no-header": "fout",
    "missing-column": "fout",
    "unknown-table": "waarschuwing",
    "unread-folder": "opmerking",
    "unknown-column": "waarschuwing",
    "double-column": "waarschuwing",
    "ragged-row": "waarschuwing",
    "missing-value": "fout",
    "bad-value": "fout",
    "bad-range": "fout",
    "unknown-concept": "fout",
    "own-concept": "waarschuwing",
    "own-method": "opmerking",
    "unknown-municipality": "fout",
    "duplicate-id": "fout",
    "duplicate-row": "waarschuwing",
    "illegal-id": "fout",
    "unknown-reference": "fout",
    "ambiguous-reference": "fout",
    "id-twice": "waarschuwing",
    "same-ends": "fout",
    "no-date": "waarschuwing",
    "age-range": "opmerking",
    "weeks-assumed": "opmerking",
    "two-waits": "waarschuwing",
    "p90-below-median": "fout",
    "sources-disagree": "opmerking",
    "safety-route": "waarschuwing",
    "bad-setting": "fout",
    "unknown-setting": "waarschuwing",
    "rows-below-minimum": "waarschuwing",
    "privacy-bsn": "fout",
    "privacy-case": "fout",
    "privacy-column": "waarschuwing",
    "privacy-person": "waarschuwing",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. ``row`` is the row as the spreadsheet shows it; ``values`` fill the sentence."""

    code: str
    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None
    suggestion: str | None = None
    values: tuple[tuple[str, object], ...] = ()

    @property
    def severity(self) -> Severity:
        return CODES[self.code]

    def message(self, lang: str = "nl") -> str:
        """What is wrong, as a sentence."""
        return self._text("message", lang)

    def cure(self, lang: str = "nl") -> str:
        """What to do about it, as a sentence."""
        return self._text("cure", lang)

    def _text(self, part: str, lang: str) -> str:
        suggested = text("findings.suggested", lang, suggestion=self.suggestion) if self.suggestion else ""
        shown = {
            "value": self.value or "",
            "column": self.column or "",
            "suggestion": self.suggestion or "",
            "suggested": suggested,
        }
        return text(f"findings.{self.code}.{part}", lang, file=self.file, **{**shown, **dict(self.values)})

    def as_dict(self, lang: str = "nl") -> dict[str, Any]:
        """The finding as CONTRACTS §6 names it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "message": self.message(lang),
            "cure": self.cure(lang),
            "suggestion": self.suggestion,
        }


_ORDER: Final = {"fout": 0, "waarschuwing": 1, "opmerking": 2}


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by severity, file, sheet, row and column: always in the same order, doubles once."""
    return tuple(
        sorted(
            dict.fromkeys(findings),
            key=lambda f: (_ORDER[f.severity], f.file, f.sheet or "", f.row or 0, f.code, f.column or "", f.value or ""),
        )
    )


def counted(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many of each severity."""
    found = Counter(f.severity for f in findings)
    return {s: found[s] for s in ("fout", "waarschuwing", "opmerking")}
