"""What people decided about names (table ``matches``): which written name is which partner, and which is not.

A decision is applied before partners are indexed. ``zelfde`` makes a written name, or a whole row of
partners (by its id or main name), another word for the partner that is kept; ``ander`` only says that the
two are not to be proposed again. What contradicts itself is applied nowhere and told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from ..graph.landscape import Landscape
from ..ontology.concepts import folded, scheme
from .files.sheet import ROW, Sheet
from .findings import Finding
from .references import Register

SAME: Final = "zelfde"
OTHER: Final = "ander"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decided row: ``written`` is (``same``) or is not ``partner`` (as written: an id, or a name)."""

    written: str
    partner: str
    same: bool
    file: str
    sheet: str | None
    row: int

    def finding(self, code: str, **values: object) -> Finding:
        """A finding about this decision."""
        given = (("partner", self.partner), *values.items())
        return Finding(code, self.file, self.sheet, self.row, "geschreven", self.written, values=tuple(given))


@dataclass(frozen=True, slots=True)
class Bearer:
    """A partner as far as its names go."""

    id: str
    name: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settled:
    """Decisions that hold together.

    ``aliases``: written name (folded) → partner id. ``merged``: id of a row that is another → id of the
    partner that is kept, and the decision. ``findings``: what could not be applied.
    """

    aliases: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, tuple[str, Decision]] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    findings: tuple[Finding, ...] = ()


def decisions_of(sheet: Sheet, columns: Mapping[str, str]) -> Iterator[Decision]:
    """The decided rows of a sheet; ``columns`` gives the header of each column of the table ``matches``."""
    if not {"written", "partner", "verdict"} <= set(columns):
        return
    verdicts = scheme("verdict")
    wanted = [columns[n] for n in ("written", "partner", "verdict")]
    for written, partner, verdict, row in sheet.frame.select(*wanted, ROW).iter_rows():
        found = verdicts.find(verdict) if verdict else None
        if written and partner and found:
            yield Decision(written, partner, found == SAME, sheet.file, sheet.sheet, row)


def settled(decisions: Iterable[Decision], partners: Sequence[Bearer]) -> Settled:
    """Decisions applied to the partners that there are: who is who in the end, and what cannot be.

    An unknown partner is not told here: its cell is a reference like any other.
    """
    return _Settling(tuple(decisions), partners).settle()


class _Settling:
    def __init__(self, decisions: tuple[Decision, ...], partners: Sequence[Bearer]) -> None:
        self.decisions = decisions
        self.ids = {p.id for p in partners}
        self.named: dict[str, set[str]] = {}
        self.called: dict[str, set[str]] = {}
        for partner in partners:
            self.named.setdefault(folded(partner.name), set()).add(partner.id)
            for other in partner.others:
                self.called.setdefault(folded(other), set()).add(partner.id)
        self.findings: list[Finding] = []
        #: node (id of a row, or a folded name behind a tilde) → partner ids that it is said to be
        self.said: dict[str, dict[str, Decision]] = {}
        self.denied: list[tuple[str, str, Decision]] = []

    def settle(self) -> Settled:
        for decision in self.decisions:
            partner = self.partner(decision.partner)
            node = self.node(decision, partner) if partner else None
            if partner is None or node is None:
                continue
            if not decision.same and node == partner:
                self.findings.append(decision.finding("decision-contradiction"))
            elif not decision.same:
                self.denied.append((node, partner, decision))
            elif node != partner:
                self.said.setdefault(node, {}).setdefault(partner, decision)
        # what falls away may leave another decision with two ends: until nothing falls any more
        while self.drop_cycles() or self.drop_double() or self.drop_denied():
            pass
        aliases: dict[str, str] = {}
        merged: dict[str, tuple[str, Decision]] = {}
        for node, found in self.said.items():
            (first, decision), *_ = found.items()
            kept = self.end(node)
            if kept != first:
                self.findings.append(decision.finding("decision-chain", kept=kept))
            if node.startswith("~"):
                aliases[node[1:]] = kept
            else:
                merged[node] = (kept, decision)
                aliases[folded(decision.written)] = kept
        return Settled(aliases, merged, self.decisions, tuple(self.findings))

    # --- who is meant ------------------------------------------------------------------------
    def partner(self, text: str) -> str | None:
        """The id of the partner of a decision; None where there is no such one."""
        if text in self.ids:
            return text
        plain = folded(text)
        found = self.named.get(plain, set()) | self.called.get(plain, set())
        return next(iter(found)) if len(found) == 1 else None

    def node(self, decision: Decision, partner: str) -> str | None:
        """What a decision is about: a row of partners, or a name that no partner bears (or several do)."""
        if decision.written in self.ids:
            return decision.written
        plain = folded(decision.written)
        if not plain:
            # every dash and question mark would become this partner
            self.findings.append(decision.finding("decision-no-name"))
            return None
        rows = self.named.get(plain, set())
        if partner in rows or partner in self.called.get(plain, set()):
            # several bear the name and this one is meant (or not); the rows themselves stay apart
            others = (rows | self.called.get(plain, set())) - {partner}
            return "~" + plain if others else partner
        if len(rows) == 1:
            return next(iter(rows))
        if rows:
            self.findings.append(decision.finding("decision-unclear", ids=", ".join(sorted(rows))))
            return None
        if decision.same and (bearers := self.called.get(plain)):
            self.findings.append(decision.finding("decision-taken", ids=", ".join(sorted(bearers))))
            return None
        return "~" + plain

    # --- what cannot be ------------------------------------------------------------------------
    def ends(self, node: str) -> set[str]:
        """Every partner that ``node`` comes out at."""
        seen, ahead, found = {node}, [node], set()
        while ahead:
            here = ahead.pop()
            onward = self.said.get(here, {})
            if not onward:
                found.add(here)
            for target in onward:
                if target not in seen:
                    seen.add(target)
                    ahead.append(target)
        return found

    def end(self, node: str) -> str:
        return next(iter(self.ends(node)))

    def reaches(self, node: str, goal: str) -> bool:
        seen, ahead = set(), [node]
        while ahead:
            for target in self.said.get(ahead.pop(), {}):
                if target == goal:
                    return True
                if target not in seen:
                    seen.add(target)
                    ahead.append(target)
        return False

    def drop(self, nodes: Sequence[str], code: str) -> bool:
        for node in nodes:
            for decision in self.said.pop(node).values():
                self.findings.append(decision.finding(code))
        return bool(nodes)

    def drop_cycles(self) -> bool:
        return self.drop([n for n in self.said if self.reaches(n, n)], "decision-cycle")

    def drop_double(self) -> bool:
        """A name that is said to be two partners is neither (unless those are one)."""
        return self.drop([n for n in self.said if len(self.ends(n)) > 1], "decision-contradiction")

    def drop_denied(self) -> bool:
        wrong: set[str] = set()
        for node, partner, decision in self.denied:
            if self.ends(node) & self.ends(partner):
                self.findings.append(decision.finding("decision-contradiction"))
                # one common end, so every step on the way from either is in question
                wrong |= {n for n in self.said if n in (node, partner) or self.reaches(node, n) or self.reaches(partner, n)}
        return self.drop(sorted(wrong & set(self.said)), "decision-contradiction")


# --- afterwards ------------------------------------------------------------------------------------
def idle(found: Settled, named: Iterable[str]) -> Iterator[Finding]:
    """Decisions about a name that stands nowhere any more; ``named`` are all names and ids in use, folded."""
    known = {*named, *(folded(id_) for id_ in found.merged)}
    for decision in found.decisions:
        plain = folded(decision.written)
        if plain and plain not in known:
            yield decision.finding("decision-idle")


def aliases_of(landscape: Landscape) -> Mapping[str, str]:
    """Written names (folded) that were decided to be a partner of this Landscape, for who asks by name later."""
    rows = landscape["matches"].drop_nulls("verdict").select("written", "partner", "verdict", "file", "sheet", "row")
    decisions = [Decision(w, p, v == SAME, file or "", sheet, row or 0) for w, p, v, file, sheet, row in rows.iter_rows()]
    return settled(decisions, bearers_of(landscape)).aliases


def bearers_of(landscape: Landscape) -> list[Bearer]:
    """The partners of a Landscape as far as their names go."""
    partners = landscape["partners"].select("id", "name", "short_name", "other_names").iter_rows()
    return [Bearer(i, n, tuple(t for t in (short, *(others or ())) if t)) for i, n, short, others in partners]


def register_of(landscape: Landscape) -> Register:
    """Everything of a Landscape that an endpoint can name, but its routes; what people decided about names included."""
    register = Register(landscape.roles)
    register.add_partners((b.id, [b.name, *b.others]) for b in bearers_of(landscape))
    register.add_offerings(landscape["offerings"].select("id", "name").iter_rows())
    register.decide(aliases_of(landscape), {})
    return register


def apart(landscape: Landscape) -> tuple[Mapping[str, frozenset[str]], frozenset[frozenset[str]]]:
    """What was decided not to be one: partner ids by written name (folded), and pairs of partner ids."""
    partners = landscape["partners"]
    ids = set(partners["id"])
    by_name: dict[str, list[str]] = {}
    for id_, name in partners.select("id", "name").iter_rows():
        by_name.setdefault(folded(name), []).append(id_)
    texts: dict[str, set[str]] = {}
    pairs: set[frozenset[str]] = set()
    rows = landscape["matches"].filter(pl.col("verdict") == OTHER)
    for written, partner in rows.select("written", "partner").iter_rows():
        texts.setdefault(folded(written), set()).add(partner)
        for id_ in [written] if written in ids else by_name.get(folded(written), []):
            pairs.add(frozenset((id_, partner)))
    return {text: frozenset(found) for text, found in texts.items()}, frozenset(pairs)
