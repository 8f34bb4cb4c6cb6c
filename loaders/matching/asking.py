"""Findings about names that name nothing, told again with proposals; and rows of partners that may be one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ...graph.landscape import Landscape
from ...ontology.concepts import folded
from ..decisions import apart
from ..findings import Finding
from ..nearest import nearest
from .proposals import Matcher, Proposal, ambiguous

#: At most so many distinct names get proposals, those that stand most often first.
MOST: Final = 1_000
#: Names of offerings are compared whole; above so many comparisons they are not.
_COMPARISONS: Final = 20_000_000
_ENDPOINT: Final = re.compile(r"^\s*(?:rol|route|aanbod|partner)\s*:", re.IGNORECASE)
_CODES: Final = ("unknown-reference", "ambiguous-reference")


@dataclass(frozen=True, slots=True)
class Asked:
    """``findings`` with proposals in them, and the open ``proposals`` themselves, for a person to decide."""

    findings: tuple[Finding, ...]
    proposals: tuple[Proposal, ...]


def asked(landscape: Landscape, findings: Sequence[Finding], known: Landscape | None = None) -> Asked:
    """Proposals for every name that names nothing (or too much) and for rows of partners that may be one.

    ``known`` has the partners where ``landscape`` only speaks of them; whether those may be one is not asked again.
    """
    bearing = known or landscape
    texts, pairs = apart(bearing)
    unknown = Counter(f.value for f in findings if f.code in _CODES and f.value)
    matcher = Matcher(bearing)
    wanted = sorted(unknown, key=lambda t: (-unknown[t], t))
    told: list[Finding] = []
    found: dict[str, tuple[Proposal, ...]] = {}
    several = {f.value: f.suggestion for f in findings if f.code == "ambiguous-reference" and f.value}
    for text in wanted[:MOST]:
        denied = texts.get(folded(text), frozenset())
        if text in several:
            borne = [i for i in (several[text] or "").split("; ") if i in bearing.names and i not in denied]
            found[text] = ambiguous(text, [(i, bearing.names[i]) for i in borne])
        elif not _ENDPOINT.match(text):
            found[text] = matcher.propose(text, denied)
    if len(wanted) > MOST:
        told.append(Finding("proposals-bounded", "koppelingen", values=(("asked", MOST), ("total", len(wanted)))))
    near = _Near(bearing, len(found))
    shown = {
        text: "; ".join([*(p.shown for p in proposals), *near.to(text, bool(proposals))]) for text, proposals in found.items()
    }
    for finding in findings:
        if finding.code == "unknown-reference" and (more := shown.get(finding.value or "")):
            finding = replace(finding, suggestion="; ".join(filter(None, (finding.suggestion, more))))
        told.append(finding)
    same = tuple(matcher.same(pairs)) if known is None else ()
    told += _rows(landscape, same)
    about = {(r["file"], r["sheet"]) for r in landscape["sources"].iter_rows(named=True) if r["of_table"] == "matches"}
    # a partner of a decision that is not there is that decision's fault, not a name to decide on
    open_ = {f.value for f in findings if f.code in _CODES and (f.file, f.sheet) not in about}
    return Asked(tuple(told), (*(p for text in sorted(found) if text in open_ for p in found[text]), *same))


def suggested(landscape: Landscape, text: str) -> str | None:
    """What a name that names nothing may mean, best first; None where nothing comes near."""
    proposals = Matcher(landscape).propose(text, apart(landscape)[0].get(folded(text), frozenset()))
    return "; ".join([*(p.shown for p in proposals), *_Near(landscape, 1).to(text, bool(proposals))]) or None


def _rows(landscape: Landscape, same: Iterable[Proposal]) -> Iterator[Finding]:
    """A remark on each later row that may be an earlier partner."""
    rows = {r["id"]: r for r in landscape["partners"].iter_rows(named=True)}
    for proposal in same:
        row = rows[proposal.written]
        values = (
            ("other", proposal.partner),
            ("other_name", proposal.name),
            ("score", proposal.score),
            ("why", proposal.judgement),
        )
        yield Finding("perhaps-same", row["file"] or "", row["sheet"], row["row"], "naam", row["name"], proposal.shown, values)


class _Near:
    """What else a name may mean: an offering's name, or an id that was written carelessly (p3, P-03)."""

    def __init__(self, landscape: Landscape, asked_: int) -> None:
        offers = {folded(n): n for n in landscape["offerings"]["name"] if n}
        self._offers = offers if len(offers) * asked_ <= _COMPARISONS else {}
        self._ids: dict[str, set[str]] = {}
        for table in ("partners", "offerings"):
            for id_ in landscape[table]["id"]:
                self._ids.setdefault(_bare(id_), set()).add(id_)

    def to(self, text: str, known: bool) -> list[str]:
        ids = self._ids.get(_bare(text), set())
        if len(ids) == 1:
            return sorted(ids)
        return [] if known else [self._offers[n] for n in nearest(folded(text), self._offers, 1, 85.0)]


def _bare(id_: str) -> str:
    """An id without case, punctuation and leading noughts; a letter O among digits is a nought."""
    plain = re.sub(r"(?<=\d)o|o(?=\d)", "0", folded(id_))
    return re.sub(r"(?<!\d)0+(?=\d)", "", plain)
