"""Validation: RDF files, or builds, and all that is wrong in them at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from ...graph.schema import TABLES
from ..codes import Severity
from .beyond import Beyond
from .checking import Checker, Result
from .facts import Facts, Term
from .findings import RdfFinding, finding
from .reading import triples

_SEVERITIES: Final[tuple[Severity, ...]] = ("fout", "waarschuwing", "opmerking")


@dataclass(frozen=True, slots=True)
class Alike:
    """All findings with one sentence."""

    code: str
    severity: Severity
    said: Mapping[str, str]
    findings: tuple[RdfFinding, ...]


@dataclass(frozen=True, slots=True)
class Validation:
    """What was read and what is wrong: triples by file, and by table (None: other kinds of things) the things checked."""

    files: Mapping[str, int]
    checked: Mapping[str | None, int]
    findings: tuple[RdfFinding, ...]

    @property
    def counted(self) -> Mapping[Severity, int]:
        """How many findings of each severity."""
        found = Counter(f.severity for f in self.findings)
        return {severity: found[severity] for severity in _SEVERITIES}

    @property
    def at_fault(self) -> Mapping[str | None, int]:
        """How many things of each table have a fault."""
        return Counter(table for table, _ in {(f.table, f.node) for f in self.findings if f.severity == "fout" and f.node})

    def alike(self) -> tuple[Alike, ...]:
        """The findings by sentence: what is severe first, then what occurs most."""
        found: dict[tuple[str, Severity, str], list[RdfFinding]] = {}
        for one in self.findings:
            found.setdefault((one.code, one.severity, one.message("nl")), []).append(one)
        made = [Alike(code, severity, ones[0].said, tuple(ones)) for (code, severity, _), ones in found.items()]
        return tuple(sorted(made, key=lambda k: (_SEVERITIES.index(k.severity), -len(k.findings), k.code, k.said["nl"])))

    def as_dict(self, lang: str = "nl") -> dict[str, Any]:
        """What ``validate --format json`` says; tables by their Dutch name."""
        at_fault = self.at_fault
        return {
            "files": [{"file": file, "triples": number} for file, number in self.files.items()],
            "counts": dict(self.counted),
            "tables": {TABLES[t].nl: {"checked": n, "at_fault": at_fault[t]} for t, n in self.checked.items() if t},
            "findings": [f.as_dict(lang) for f in self.findings],
        }


def validate(*paths: str | Path, progress: Callable[[str, int, int], None] = lambda what, done, total: None) -> Validation:
    """All that is wrong in RDF files, and builds, that together are one graph.

    Nothing is fetched: no import, no context, no entity; rules that a file brings along are not run. Raises RdfError for
    a file that is not there or no RDF (with the line where there is one) and EditionError for a folder that is no build.
    """
    facts, files = Facts(), {}
    blank = (f"b{number}" for number in count(1))
    for place, path in enumerate(dict.fromkeys(map(Path, paths))):
        progress("read", place, len(paths) + 1)
        files[str(path)] = facts.add(str(path), triples(path, blank))
    progress("rules", len(paths), len(paths) + 1)
    beyond = Beyond(facts)
    # a value that breaks a rule in two ways (no number, so not above 0 either) or for two kinds of thing is told once
    once: dict[tuple[str, str, Term | None], Result] = {}
    for result in Checker(facts).results():
        once.setdefault((result.rule.name, result.thing, result.value), result)
    found = [finding(facts, result) for result in once.values()]
    found += beyond.findings(tuple(files))
    tables = {name: beyond.checked[name] for name in (*TABLES, None) if beyond.checked[name]}
    return Validation(MappingProxyType(files), MappingProxyType(tables), _in_order(found))


def _in_order(findings: Iterable[RdfFinding]) -> tuple[RdfFinding, ...]:
    """Always in the same order."""

    def place(one: RdfFinding) -> tuple[Any, ...]:
        return (
            _SEVERITIES.index(one.severity),
            one.file,
            one.table or "",
            one.code,
            one.node or "",
            one.value or "",
            one.detail(),
        )

    return tuple(sorted(findings, key=place))
