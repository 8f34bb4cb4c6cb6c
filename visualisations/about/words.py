"""How waits, counts, norms and names are worded in a report to a partner."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ...graph.analyses.partner.pieces import About, Computed, Statement
from ...graph.waiting import NUMBER, STATEMENT, WEEK, Wait
from ...ontology.concepts import scheme
from ..drawing.content import waits_said
from ..drawing.layout import NOWHERE, home
from ..material import OFFERING, Material
from ..telling import address

Say = Callable[..., str]
#: Names that are listed one by one; the rest is counted.
_NAMED: Final = 12


class Words:
    """The words for the statements of one report."""

    def __init__(self, told: About, material: Material, say: Say) -> None:
        self._told = told
        self._material = material
        self._words = material.words
        self._say = say
        self._own_offerings = {o.id for o in told.of("offerings")}
        self._by_subject: dict[str, list[Computed]] = {}
        for computed in told.computed:
            self._by_subject.setdefault(computed.subject, []).append(computed)

    def _field(self, key: str) -> str:
        return self._words.say(f"field.{key}")

    def _own(self, key: str) -> str:
        return self._say(f"field.{key}")

    def several(self, names: Sequence[str], shown: int = _NAMED) -> str:
        """Names, the first ``shown`` one by one."""
        distinct = list(dict.fromkeys(names))
        if len(distinct) <= shown:
            return "; ".join(distinct)
        return self._say("word.and_more", names="; ".join(distinct[:shown]), n=len(distinct) - shown)

    def _hidden(self, label: str) -> str:
        return self._say("shown.fact", label=label)

    def _by(self, who: str | None, when: str | None) -> str | None:
        said = [part for part in (who, self._words.date(when) if when else None) if part]
        return ", ".join(said) or None

    def _number(self, value: float) -> str:
        return f"{value:g}".replace(".", self._words.say("word.decimal"))

    def _count(self, statement: Statement, column: str) -> str | None:
        settings = self._material.landscape.settings
        if column in statement.suppressed:
            return self._say("word.few", threshold=settings.threshold)
        value = statement.row[column]
        return None if value is None else self._say("word.count", n=value, unit=settings.unit)

    def _counted(self, statement: Statement, column: str) -> str:
        """A number of families, or that it is unknown."""
        return self._count(statement, column) or self._words.unknown

    def _within(self, half: float | None, most: float | None = None) -> str:
        """Within how many weeks it was for half of the families, and for nineteen out of twenty; empty where unknown."""
        if half is None:
            return ""
        told = [self._in_weeks(w) for w in (half, most) if w is not None]
        return self._say("word.half", half=told[0]) if most is None else self._say("word.most", half=told[0], most=told[1])

    def _in_weeks(self, weeks: float) -> str:
        return self._weeks(weeks * WEEK, weeks * WEEK) if weeks else self._words.say("wait.weeks", n=0)

    def _period(self, first: str | None, last: str | None) -> str:
        start, end = (self._words.date(day) if day else self._words.unknown for day in (first, last))
        return self._say("word.period", start=start, end=end) if first or last else self._words.unknown

    def _weeks(self, low: float | None, high: float | None) -> str:
        return self._words.weeks(low, high)

    def _read(self, row: Mapping[str, Any], *, counted: bool) -> str:
        """What is made of a wait as it was written: low, expected and high, or why there is no number."""
        said = self._words.registered(row, outdated=False)
        if row["state"] == STATEMENT:
            return said
        if row["state"] == NUMBER and row["days_low"] is not None:
            said = self._expected(said, row["days_low"], row["days_expected"], row["days_high"])
        return said if counted else self._say("word.not_counted", read=said)

    def _expected(self, said: str, low: float | None, expected: float | None, high: float | None) -> str:
        if expected is None or low == high:
            return said
        return self._say("word.expected", weeks=said, expected=self._weeks(expected, expected))

    def norm(self, norm: Statement) -> str:
        """A norm in a few words, and where it stands."""
        row = norm.row
        whom_ = ", ".join(self._applies(t) for t in row["applies_to"] or ())
        value = self._words.unknown if row["value"] is None else self._number(row["value"])
        said = self._say("word.norm", value=value, unit=row["unit"] or "", whom=whom_)
        where = address(self._material, row)
        return f"{said}\n{where}" if where else said

    def _applies(self, name: str) -> str:
        if name in self._material.landscape.roles:
            return self._material.roles([name])
        return self._material.landscape.municipality_names.get(name, name)

    def _computed(self, subject: str) -> str:
        found = self._by_subject.get(subject, [])
        if len(found) == 1:
            return self._wait(found[0].wait)
        return "\n".join(
            self._say("word.per_area", areas=self._material.areas(c.municipalities), wait=self._wait(c.wait)) for c in found
        )

    def _wait(self, wait: Wait) -> str:
        words = self._words
        assumed = words.weeks(wait.low, wait.high)
        if wait.assumed and wait.outdated:
            return self._say("word.outdated", old=words.wait(wait), weeks=assumed)
        if wait.assumed:
            return self._say("word.unknown", weeks=assumed)
        said = words.wait(wait)
        return said if wait.closed else self._expected(said, wait.low, wait.expected, wait.high)

    def _on_map(self, statement: Statement) -> str:
        column, _ = home(self._material.landscape.roles, statement.row["roles"])
        if column == NOWHERE:
            return self._say("word.off_map")
        label = scheme("map-column").label(column, self._words.lang)
        own = {statement.id, *(OFFERING + o.id for o in self._told.of("offerings"))}
        waits = [
            {**w.row, "outdated": reading.outdated, "replaced": reading.replaced}
            for w in self._told.of("waits")
            for reading in [self._told.readings[w.id]]
            if w.row["on"][0] in own
        ]
        wait = waits_said(self._material, waits)
        return self._say("word.on_map_wait", column=label, wait=wait) if wait else self._say("word.on_map", column=label)
