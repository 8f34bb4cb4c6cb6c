"""Findings: what is wrong in a file, where, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from ..ontology.catalogue import sentences, text
from .codes import CODES, LOSES, Loss, Severity

#: What to write, where the kind of cell is not known.
_EXAMPLES: Final = "8 - 12 weken, 2026-03-01, ja of 12"
#: Alike findings (one kind, one column of one sheet) beyond this number are counted, not listed.
MOST_ALIKE: Final = 1_000


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

    @property
    def loses(self) -> Loss:
        """What cannot be used because of it."""
        return LOSES.get(self.code, "cell" if self.severity == "fout" else "nothing")

    def title(self, lang: str = "nl") -> str:
        """The kind of finding in a few words."""
        return text(f"findings.{self.code}.title", lang)

    def message(self, lang: str = "nl") -> str:
        """What is wrong, as a sentence."""
        return self._text("message", lang)

    def cure(self, lang: str = "nl") -> str:
        """What to do about it, as a sentence."""
        return self._text("cure", lang)

    def request(self, lang: str = "nl") -> str:
        """What to ask of the partner whose list it is: the cure, without our own tools and settings."""
        return self._text("ask" if f"findings.{self.code}.ask" in sentences() else "cure", lang)

    def _text(self, part: str, lang: str) -> str:
        suggested = text("findings.suggested", lang, suggestion=self.suggestion) if self.suggestion else ""
        shown = {
            "value": self.value or "",
            "column": self.column or "",
            "suggestion": self.suggestion or "",
            "suggested": suggested,
            "example": _EXAMPLES,
        }
        # what can tell itself in either language does so
        said = {k: v.told(lang) if hasattr(v, "told") else v for k, v in self.values}
        if self.code == "many-alike":
            said["kind"] = text(f"findings.{said['kind']}.title", lang)
        return text(f"findings.{self.code}.{part}", lang, file=self.file, **{**shown, **said})

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


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of a sentence that is itself a text of the catalogue, told in the language of the sentence."""

    key: str

    def told(self, lang: str) -> str:
        return text(self.key, lang)


_ORDER: Final = {"fout": 0, "waarschuwing": 1, "opmerking": 2}


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by severity, file, sheet, row and column: always in the same order, doubles once.

    Of findings that are alike the first :data:`MOST_ALIKE` are kept and the others counted in one
    ``many-alike``, so that a file of a hundred thousand faults stays something that people can open.
    """
    found = sorted(
        dict.fromkeys(findings),
        key=lambda f: (_ORDER[f.severity], f.file, f.sheet or "", f.row or 0, f.code, f.column or "", f.value or ""),
    )
    seen: Counter[tuple[str, str, str | None, str | None]] = Counter()
    kept = []
    for finding in found:
        alike = (finding.code, finding.file, finding.sheet, finding.column)
        seen[alike] += 1
        if seen[alike] <= MOST_ALIKE:
            kept.append(finding)
    many = [
        Finding("many-alike", file, sheet, None, column, values=(("number", number - MOST_ALIKE), ("kind", code)))
        for (code, file, sheet, column), number in seen.items()
        if number > MOST_ALIKE
    ]
    return tuple(kept + sorted(many, key=lambda f: (f.file, f.sheet or "", f.column or "", str(f.values))))


@dataclass(frozen=True, slots=True)
class Kind:
    """All findings of one code; ``number`` also counts those that are not listed one by one."""

    code: str
    findings: tuple[Finding, ...]
    number: int

    @property
    def files(self) -> int:
        """In how many files."""
        return len({f.file for f in self.findings})


def by_kind(findings: Iterable[Finding]) -> tuple[Kind, ...]:
    """Findings by kind, the most useful to mend first: what is severe, what costs most, what is frequent."""
    kinds: dict[str, list[Finding]] = {}
    unlisted: Counter[str] = Counter()
    for finding in findings:
        if finding.code == "many-alike":
            said = dict(finding.values)
            unlisted[str(said["kind"])] += int(str(said["number"]))
        else:
            kinds.setdefault(finding.code, []).append(finding)
    made = [Kind(code, tuple(found), len(found) + unlisted[code]) for code, found in kinds.items()]
    losses = ("file", "row", "cell", "nothing")
    return tuple(
        sorted(made, key=lambda k: (_ORDER[k.findings[0].severity], losses.index(k.findings[0].loses), -k.number, k.code))
    )


def counted(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many of each severity, those that are not listed one by one included."""
    found: Counter[Severity] = Counter()
    for kind in by_kind(findings):
        found[kind.findings[0].severity] += kind.number
    return {s: found[s] for s in ("fout", "waarschuwing", "opmerking")}
