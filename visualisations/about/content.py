"""An About in words: every statement as a block with its facts, its receipt, and what is not known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from ...graph.analyses.partner.pieces import About, OfRole, Statement
from ...graph.landscape import Landscape
from ...graph.schema import TABLES
from ...ontology.catalogue import text
from ..material import COALITION as EVERYTHING
from ..material import Material
from ..telling import address, origin
from ..wording import Wording
from .facts import Facts
from .parts import COALITION, NOWHERE, PUBLIC, SHOWN, Block, Grid, Report, Section

#: The sections, what they tell of, and where a reader sees that.
_SECTIONS: Final = (
    ("who", PUBLIC, ("partners",)),
    ("questions", NOWHERE, ()),
    ("offerings", PUBLIC, ("offerings",)),
    ("waits", PUBLIC, ("waits",)),
    ("routes", PUBLIC, ("routes",)),
    ("of_role", PUBLIC, ()),
    ("lines", COALITION, ("lines",)),
    ("agreements", COALITION, ("agreements",)),
    ("one_sided", NOWHERE, ()),
    ("figures", NOWHERE, ("outflow", "handovers", "back_and_forth", "demand")),
    ("further", NOWHERE, ("cases", "matches", "confirmations")),
    ("findings", NOWHERE, ()),
)
#: Sections with figures about the partner: its earlier reaction stands beside them.
_FIGURES: Final = frozenset({"waits", "routes", "offerings", "figures", "of_role"})


class Backdrop:
    """What reports of one Landscape share: its rows by id, and the wording."""

    def __init__(self, landscape: Landscape, lang: str) -> None:
        self.material = Material(landscape, Wording(lang), EVERYTHING)
        self.lang = lang

    def say(self, key: str, /, **values: object) -> str:
        """The sentence ``about.<key>``."""
        return text(f"about.{key}", self.lang, **values)


def report(told: About, backdrop: Backdrop, *, before: str | None = None, edition: str = EVERYTHING) -> Report:
    """The report of one partner. ``before`` (ISO) is the date to answer by; ``edition`` openbaar leaves out the rest."""
    return _Telling(told, backdrop, before, edition).report()


@dataclass(frozen=True)
class _Telling:
    told: About
    backdrop: Backdrop
    before: str | None
    edition: str

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.told, self.backdrop.material, self.backdrop.say)

    def say(self, key: str, /, **values: object) -> str:
        return self.backdrop.say(key, **values)

    def report(self) -> Report:
        material, own = self.backdrop.material, self.told.partner
        settings = material.landscape.settings
        name = own.row["name"]
        sections = tuple(self._sections())
        return Report(
            own.id,
            name,
            self.say("title_of", name=name),
            tuple(self._intro(name)),
            tuple(self._summary(sections)),
            None if self.edition == EVERYTHING else self.say("summary.left_out"),
            sections,
            settings.contact,
            own.row["response"],
            "fictief" in f"{settings.name} {settings.title}".casefold(),
        )

    # --- the opening -------------------------------------------------------------------------------
    def _intro(self, name: str) -> Iterator[tuple[str | None, tuple[str, ...]]]:
        settings = self.backdrop.material.landscape.settings
        date = self.backdrop.material.words.date(self.before) if self.before else None
        yield None, (self.say("intro.what", title=settings.title, name=name),)
        yield self.say("intro.why_heading"), (self.say("intro.why"),)
        send = self.say("intro.send", contact=settings.contact) if settings.contact else self.say("intro.send_sender")
        by = self.say("intro.by", date=date) if date else self.say("intro.by_none")
        yield self.say("intro.how_heading"), (send, by)
        threshold = settings.threshold
        no = self.say("intro.not", threshold=threshold) if threshold else self.say("intro.not_no_threshold")
        yield self.say("intro.not_heading"), (no,)

    def _summary(self, sections: Sequence[Section]) -> Iterator[tuple[str, tuple[str, ...]]]:
        for shown in SHOWN:
            if self.edition != EVERYTHING and shown == COALITION:
                continue
            lines = []
            for section in sections:
                if section.shown != shown or section.key in ("questions", "findings", "one_sided"):
                    continue
                number = sum(len(b.rows) for b in section.blocks)
                what = section.heading[0].lower() + section.heading[1:]
                lines.append(self.say("summary.you") if section.key == "who" else self.say("summary.count", what=what, n=number))
            yield self.say(f"summary.{shown}"), tuple(lines) or (self.say("summary.nothing"),)

    # --- the sections --------------------------------------------------------------------------------
    def _sections(self) -> Iterator[Section]:
        for key, shown, tables in _SECTIONS:
            if shown == COALITION and self.edition != EVERYTHING:
                continue
            blocks = tuple(self._blocks(key, tables))
            lines = tuple(self._lines(key))
            if blocks or lines:
                response = self.told.partner.row["response"] if key in _FIGURES else None
                yield Section(key, self.say(f"section.{key}"), self.say(f"lead.{key}"), shown, blocks, lines, response)

    def _blocks(self, key: str, tables: Iterable[str]) -> Iterator[Block]:
        if key == "who":
            yield self._block(self.told.partner)
        if key == "of_role":
            for derived in self.told.of_role:
                yield self._block(derived.statement, derived)
        if key == "figures":
            yield from self._figures()
            return
        for table in tables:
            for statement in self.told.of(table):
                yield self._block(statement)

    def _block(self, statement: Statement, derived: OfRole | None = None) -> Block:
        key = (statement.table, statement.id)
        labels = [self.facts.asked(q.table, q.key) for q in self._questions.get(key, ())]
        taken = [self.facts.assumed(a.table, a.key) for a in self._assumed.get(key, ())]
        return Block(
            self.facts.title(statement, own=statement is self.told.partner),
            self._mark(statement),
            not TABLES[statement.table].identity,
            (key,),
            tuple(self.facts.of(statement, derived, own=statement is self.told.partner)),
            None,
            self._origin(statement),
            tuple(labels),
            tuple(taken),
            tuple(self._finding(f) for f in statement.findings),
        )

    def _mark(self, statement: Statement) -> str:
        """What to mention in an answer: the partner's own id, or where the row stands when it has none."""
        return (address(self.backdrop.material, statement.row) or "") if TABLES[statement.table].identity else statement.id

    def _origin(self, statement: Statement) -> tuple[str, ...]:
        return tuple(str(origin(self.backdrop.material, statement.row)).split("\n"))

    @cached_property
    def _questions(self) -> Mapping[tuple[str, str], list[Any]]:
        return _by_row(self.told.questions)

    @cached_property
    def _assumed(self) -> Mapping[tuple[str, str], list[Any]]:
        return _by_row(self.told.assumed)

    def _finding(self, finding: Mapping[str, Any]) -> str:
        key = "word.finding_column" if finding["column"] else "word.finding"
        return self.say(key, column=finding["column"], message=finding["message"], cure=finding["cure"])

    def _figures(self) -> Iterator[Block]:
        for table, statements in (
            ("outflow", self.told.of("outflow")),
            ("handovers", self.told.of("handovers")),
            ("back_and_forth", self.told.of("back_and_forth")),
            ("demand", self.told.of("demand")),
            ("indicators", self.told.indicators),
        ):
            if statements:
                columns, rows = self.facts.grid(table, statements)
                yield Block(
                    self.say(f"kind.{table}"),
                    "",
                    False,
                    tuple((table, s.id) for s in statements),
                    grid=Grid((*columns, self.say("field.source")), tuple(rows)),
                    noticed=tuple(self._finding(f) for s in statements for f in s.findings),
                )

    def _lines(self, key: str) -> Iterator[str]:
        if key == "findings":
            for finding in self.told.findings:
                place = "" if finding["row"] is None else f", {finding['row']}"
                yield f"{finding['file']}{place}: {self._finding(finding)}"
        if key == "questions":
            yield from self._asked()
        if key == "waits":
            yield from self._norms()
        if key == "one_sided":
            yield from self._one_sided()

    def _one_sided(self) -> Iterator[str]:
        """What one partner names and the other does not: said to both in the same words."""
        material = self.backdrop.material
        for told in self.told.one_sided:
            if self.edition != EVERYTHING and told.table in _tables_of(COALITION):
                continue
            way = self.say(f"one_sided.{told.table}", one=material.name(told.start), other=material.name(told.end))
            mine = told.said_by == self.told.id
            other = told.not_by if mine else told.said_by
            said = self.say("one_sided.by_you" if mine else "one_sided.by_other", way=way, name=material.name(other))
            row = {"file": told.source.file, "sheet": told.source.sheet, "row": told.source.row}
            yield self.say("one_sided.where", said=said, place=address(material, row))

    def _norms(self) -> Iterator[str]:
        """Every norm that stands with some wait once, with its source."""
        norms = {n.id: n for r in self.told.readings.values() if not r.replaced for n in r.norms}
        if norms:
            yield self.say("norms.heading")
        for norm in norms.values():
            yield " · ".join((self.facts.norm(norm).split("\n")[0], *self._origin(norm)))

    def _asked(self) -> Iterator[str]:
        """Every question once, with what it is about."""
        about: dict[tuple[str, str], list[str]] = {}
        titles = {(s.table, s.id): self.facts.title(s) for s in self.told.every()}
        hidden = () if self.edition == EVERYTHING else _tables_of(COALITION)
        for question in self.told.questions:
            if question.table in hidden:
                continue
            about.setdefault((question.table, question.key), []).append(titles[question.table, question.id])
        for (table, key), names in about.items():
            asked = self.say(f"ask.{table}.{key}")
            yield asked if table == "partners" else self.say("word.ask_for", question=asked, names=self.facts.several(names, 4))


def _tables_of(shown: str) -> tuple[str, ...]:
    return tuple(table for _, where, tables in _SECTIONS if where == shown for table in tables)


def _by_row(items: Iterable[Any]) -> dict[tuple[str, str], list[Any]]:
    found: dict[tuple[str, str], list[Any]] = {}
    for item in items:
        found.setdefault((item.table, item.id), []).append(item)
    return found
