"""What differs from an older build, as tables of the page: answers that became longer or shorter, and what came and went."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from ...graph.analyses.differences.answer_changes import answer_changes
from ...graph.analyses.differences.changes import TableChanges, changes
from ...graph.analyses.differences.outcomes import AnswerChange, Outcome
from ...graph.landscape import Landscape
from ...graph.waiting import NUMBER
from ...ontology.catalogue import text
from ..material import COALITION, Material, Row
from .tables import COLUMNS, Line, Sheet, by_id

#: The tables that the page shows, and those of them that are the coalition's.
_SHOWN: Final = ("partners", "offerings", "routes", "waits", "lines", "agreements")
_COALITION: Final = ("lines", "agreements")
#: Cells that say where a fact comes from, or follow from the day on which one looks.
_ASIDE: Final = frozenset({"source", "status", "as_of"})


@dataclass(frozen=True)
class Compared:
    """The two dates and all that differs; ``sheets`` in the order in which people ask."""

    before: str
    after: str
    sheets: tuple[Sheet, ...]

    @property
    def nothing(self) -> bool:
        """Whether nothing differs."""
        return not any(sheet.lines for sheet in self.sheets)


def compared(
    material: Material, old: Landscape, progress: Callable[[str, int, int], None] = lambda what, done, total: None
) -> Compared:
    """What ``material`` tells that ``old`` did not, and the reverse; by name, and by municipality for the answers."""
    return _Comparing(material, old).told(progress)


class _Comparing:
    def __init__(self, material: Material, old: Landscape) -> None:
        self._now, self._then = material, Material(old, material.words, material.edition)
        self._words, self._lang = material.words, material.words.lang
        shown = [t for t in _SHOWN if material.edition == COALITION or t not in _COALITION]
        told = changes(old, material.landscape).tables
        self._tables = {name: told[name] for name in shown if name in told}
        self._lines = {name: (by_id(self._then, name), by_id(self._now, name)) for name in self._tables}

    def say(self, key: str, **values: object) -> str:
        return text(f"compared.{key}", self._lang, **values)

    def told(self, progress: Callable[[str, int, int], None]) -> Compared:
        landscapes = self._then.landscape, self._now.landscape
        before, after = (self._words.date(one.settings.reference_date) for one in landscapes)
        found = [self._sheet("answers", ("place", "start", "level", "then", "now", "difference"), self._answers(progress))]
        pairs = list(self._waits())
        for name, sign in (("longer", 1), ("shorter", -1)):
            lines = (self._wait(then, now) for then, now in pairs if (_days(now) - _days(then)) * sign > 0)
            found.append(self._sheet(name, ("subject", "kind", "then", "now"), lines))
        for name, side in (("new", 1), ("gone", 0)):
            found.append(self._sheet(name, ("table", "name", "about"), self._came(side)))
        found.append(self._sheet("changed", ("table", "name", "what"), self._changed({now["id"] for _, now in pairs})))
        return Compared(before, after, tuple(found))

    def _sheet(self, name: str, columns: tuple[str, ...], lines: Iterator[Line]) -> Sheet:
        return Sheet(f"compared-{name}", self.say(f"sheet.{name}"), tuple(self.say(f"column.{c}") for c in columns), tuple(lines))

    # --- answers -------------------------------------------------------------------------------------
    def _answers(self, progress: Callable[[str, int, int], None]) -> Iterator[Line]:
        """The fastest registered routes that take longer or shorter, by municipality and level; alike ones in one row."""
        told = answer_changes(self._then.landscape, self._now.landscape, ways=False, most=None, progress=progress)
        alike: dict[tuple[str, int, str, str, str], list[str]] = {}
        for a in told.answers:
            before, after = self._outcome(a.before), self._outcome(a.after)
            if before != after:
                start = self.say("any_entry") if a.start is None else self._now.name(a.start)
                alike.setdefault((a.municipality, a.level, before, after, self._difference(a)), []).append(start)
        names = {municipality: self._now.areas([municipality]) for municipality, *_ in alike}
        for key, starts in sorted(alike.items(), key=lambda pair: (names[pair[0][0]], *pair[0][1:])):
            municipality, level, *texts = key
            cells = (names[municipality], ", ".join(sorted(starts)), self._words.label("level", str(level)), *texts)
            yield Line(cells, frozenset({municipality}))

    def _outcome(self, outcome: Outcome) -> str:
        if outcome.days is None:
            return self.say(f"reason.{(outcome.reason or 'geen route').replace(' ', '-')}")
        return self._words.weeks(outcome.days, outcome.days)

    def _difference(self, change: AnswerChange) -> str:
        before, after = change.before.days, change.after.days
        if before is None or after is None:
            return self.say("other" if before is after else "lost" if after is None else "found")
        return self.say(
            "longer" if after > before else "shorter", weeks=self._words.weeks(abs(after - before), abs(after - before))
        )

    # --- waits ---------------------------------------------------------------------------------------
    def _waits(self) -> Iterator[tuple[Row, Row]]:
        """(then, now) of the registered waits of which the number changed."""
        told = self._tables.get("waits")
        if told is None:
            return
        then, now = ({row["id"]: row for row in material.waits} for material in (self._then, self._now))
        for old, new in _pairs(told).items():
            rows = then[old], now[new]
            if all(row["state"] == NUMBER for row in rows) and _days(rows[0]) != _days(rows[1]):
                yield rows

    def _wait(self, then: Row, now: Row) -> Line:
        line = self._lines["waits"][1][now["id"]]
        subject, kind = line.cells[:2]
        conditions = line.cells[COLUMNS["waits"].index("for")]
        return Line((subject, f"{kind}\n{conditions}" if conditions else kind, self._dated(then), self._dated(now)), line.reach)

    def _dated(self, row: Row) -> str:
        said = self._words.registered(row, outdated=False)
        return self._words.say("wait.dated", wait=said, date=self._words.date(row["as_of"])) if row["as_of"] else said

    # --- rows ----------------------------------------------------------------------------------------
    def _came(self, side: int) -> Iterator[Line]:
        """The rows that are only there now (1), or were only there then (0)."""
        for name, told in self._tables.items():
            frame = told.added if side else told.gone
            lines = self._lines[name][side]
            for id_ in frame[told.table.key].to_list():
                line = lines[id_]
                yield Line((self._table(name), *line.cells[:2]), line.reach)

    def _changed(self, waits: set[str]) -> Iterator[Line]:
        """The rows that say something else; ``waits`` are told above."""
        for name, told in self._tables.items():
            then, now = self._lines[name]
            for old, new in _pairs(told).items():
                if name == "waits" and new in waits:
                    continue
                cells = zip(COLUMNS[name], map(_plain, then[old].cells), map(_plain, now[new].cells), strict=True)
                differ = [(column, was, is_) for column, was, is_ in cells if column not in _ASIDE and was != is_]
                what = [self._becomes(column, was, is_) for column, was, is_ in differ]
                if what:
                    yield Line((self._table(name), now[new].cells[0], "\n".join(what)), now[new].reach)

    def _becomes(self, column: str, was: str, is_: str) -> str:
        nothing = self.say("empty")
        return self.say("becomes", column=self._words.say(f"field.{column}"), old=was or nothing, new=is_ or nothing)

    def _table(self, name: str) -> str:
        return self._words.say(f"table.{name}")


def _pairs(told: TableChanges) -> Mapping[str, str]:
    """The rows that changed: the id then, and the id now."""
    found: dict[str, str] = {}
    for change in told.columns:
        if change.sort == "content":
            found.update(zip(change.frame["old_id"].to_list(), change.frame["id"].to_list(), strict=True))
    return found


def _days(row: Mapping[str, Any]) -> float:
    return float(row["days_expected"])


def _plain(cell: str) -> str:
    """A cell without its markup."""
    return cell.striptags() if isinstance(cell, Markup) else cell
