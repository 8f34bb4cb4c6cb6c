"""Who passes where and waits where, in sentences (ANALYSES, Wording)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Final

from .document import Cell
from .language import language, say
from .output import number
from .wording import counted, in_weeks, source_text, wait_text

if TYPE_CHECKING:
    from ..graph.analyses.waiting.answer import Bottlenecks, Level, Passed, Step
    from ..graph.landscape import Landscape
    from ..graph.waiting import Wait

#: Waits of one partner that are told one by one, and municipalities that are named.
_MOST_WAITS: Final = 4
_MOST_PLACES: Final = 3
_SAFETY: Final = "veiligheid"
#: Weeks that would be told as 0.
_HARDLY: Final = 0.05


class Telling:
    """The sentences of one answer; ``unit`` is what is counted, as readers call it."""

    def __init__(self, landscape: Landscape, answer: Bottlenecks) -> None:
        self.landscape = landscape
        self.weighted = answer.frame.weighted
        self._answer = answer
        from ..graph.analyses.common import unit_said

        unit = answer.frame.unit
        self.unit = unit_said(unit, language())
        self._one = unit_said(unit, language(), one=True)

    @property
    def any_hidden(self) -> bool:
        """Whether any figure is not shown."""
        return any(
            level.per_year is None
            or None in level.without_route.values()
            or any(p.suppressed for p in level.partners)
            or any(r.per_year is None for r in level.routes)
            for level in self._answer.levels
        )

    def counts(self) -> list[str]:
        """How families were counted, and who was not."""
        said = [] if self.weighted else [say("bottlenecks.unweighted", unit=self.unit)]
        waits = [p.wait for level in self._answer.levels for p in level.partners]
        if waits:
            known, old = sum(w.known for w in waits), sum(w.outdated for w in waits)
            date = self._answer.frame.reference_date
            said.append(say("answers.offers.known", number=len(waits), known=known, outdated=old, date=date))
        unplaced = self._answer.unplaced
        if unplaced is None:
            said.append(say("bottlenecks.unplaced_hidden", unit=self.unit))
        elif unplaced:
            said.append(say("bottlenecks.unplaced", **self._families(unplaced)))
        if self._answer.uncounted:
            said.append(say("bottlenecks.uncounted", number=number(self._answer.uncounted)))
        return said

    # --- numbers ---------------------------------------------------------------------------------------
    def _families(self, value: float) -> dict[str, object]:
        """A number of families with its noun."""
        text = _amount(value)
        return {"number": text, "unit": self._one if text == "1" else self.unit}

    @staticmethod
    def _share(level: Level, value: float) -> str:
        """A number of combinations as a share of all of its level."""
        share = 100 * value / level.per_year if level.per_year else 0.0
        if 0 < share < 1:
            return say("bottlenecks.share_small")
        return say("bottlenecks.share", number=f"{share:.0f}")

    # --- a level ---------------------------------------------------------------------------------------
    def asked(self, level: Level) -> str:
        """How many ask for a level, and how many of them have no way."""
        if level.per_year == 0:
            return say("bottlenecks.level.nobody")
        parts = []
        if self.weighted:
            hidden = level.per_year is None
            asked = say("bottlenecks.level.asked_hidden", unit=self.unit) if hidden else ""
            parts.append(asked or say("bottlenecks.level.asked", **self._families(level.per_year or 0.0)))
        reasons = [
            self._reason(level, value, say(f"answers.reason_short.{reason.replace(' ', '-')}"))
            for reason, value in level.without_route.items()
            if value != 0
        ]
        if reasons:
            parts.append(say("bottlenecks.level.without", reasons="; ".join(reasons)))
        return " ".join(parts) or say("bottlenecks.level.all")

    def _reason(self, level: Level, value: float | None, reason: str) -> str:
        if value is None:
            return say("bottlenecks.level.reason_hidden", unit=self.unit, reason=reason)
        if not self.weighted:
            return say("bottlenecks.level.reason_share", share=self._share(level, value), reason=reason)
        return say("bottlenecks.level.reason", reason=reason, **self._families(value))

    @staticmethod
    def ranks_nobody(level: Level) -> bool:
        """Whether partners of a level are listed by name only."""
        from ..graph.analyses.waiting.bottlenecks import NEVER_RANKED

        return level.level in NEVER_RANKED

    # --- a partner -------------------------------------------------------------------------------------
    def passed(self, level: Level, passed: Passed) -> str:
        """All that is told of one partner, its own words last."""
        told = [self._who_comes(level, passed), *self._waits(passed), *self._long(passed)]
        if passed.waiting and self.weighted:
            told.append(say("bottlenecks.passed.waiting", **self._families(passed.waiting)))
        told += [*self._sole(level, passed), *self._queue(passed)]
        if passed.sources:
            told.append(say("bottlenecks.source", source=source_text(passed.sources)))
        if passed.response:
            told.append(say("bottlenecks.response", response=passed.response))
        return " ".join(told)

    def _who_comes(self, level: Level, passed: Passed) -> str:
        """How many pass or end there, and what a shorter wait would save them."""
        name = self.name(passed.node, passed.municipalities)
        through, arriving = passed.per_year, passed.arriving
        # of safety it is never said what less waiting would do
        gain = 0.0 if _SAFETY in passed.roles else passed.weeks_per_week
        if through is None or arriving is None:
            return say("bottlenecks.passed.no_gain", sentence=say("bottlenecks.passed.unseen", name=name, unit=self.unit))
        which = "both" if through and arriving else "through" if through else "arriving"
        if not self.weighted:
            words = {"share": self._share(level, through or arriving), "arriving": self._share(level, arriving)}
            sentence = say(f"bottlenecks.combined.{which}", name=name, **words)
            if not gain:
                return say("bottlenecks.passed.no_gain", sentence=sentence)
            return say("bottlenecks.passed.share_gain", sentence=sentence, share=self._share(level, gain))
        families = self._families(through or arriving)
        sentence = say(f"bottlenecks.passed.{which}", name=name, arriving=_amount(arriving), **families)
        if gain is None:
            return say("bottlenecks.passed.gain_hidden", sentence=sentence)
        if not gain:
            return say("bottlenecks.passed.no_gain", sentence=sentence)
        # equally fast ways count whole, so a week can save more families a week than those who come here
        key = "gain_more" if gain > through + arriving + _HARDLY else "gain"
        return say(f"bottlenecks.passed.{key}", sentence=sentence, weeks=counted("weeks", _amount(gain)))

    def _waits(self, passed: Passed) -> list[str]:
        texts = list(dict.fromkeys(self._wait(w, passed) for w in passed.waits))
        if len(texts) == 1:
            return [say("bottlenecks.wait.one", wait=texts[0])]
        more = ["…"] if len(texts) > _MOST_WAITS else []
        return [say("bottlenecks.wait.many", waits="; ".join([*texts[:_MOST_WAITS], *more]))]

    @staticmethod
    def _wait(wait: Wait, passed: Passed) -> str:
        if wait.assumed and wait.outdated:
            text = say("bottlenecks.wait.outdated", written=wait.written or "?", date=wait.as_of or say("answers.undated"))
        elif wait.assumed:
            text = say("bottlenecks.wait.unknown")
        else:
            text = wait_text(wait) + (say("bottlenecks.wait.as_of", date=wait.as_of) if wait.as_of else "")
        if wait.derived and not passed.node.startswith("rol:"):
            text = say("bottlenecks.wait.of_role", wait=text)
        return text

    @staticmethod
    def _long(passed: Passed) -> list[str]:
        """The norm, and whether the wait is above it."""
        from ..graph.analyses.waiting.answer import CAUSES, UNKNOWN
        from ..ontology.concepts import scheme

        norm = passed.norm
        if norm is None or norm.days is None:
            return []
        kinds = scheme("wait-kind")
        kind = kinds.label(kinds.find(norm.kind) or norm.kind, language())
        if passed.above is None:
            return [say("bottlenecks.wait.norm", kind=kind, weeks=in_weeks(norm.days))]
        return [
            say(
                "bottlenecks.wait.bottleneck",
                kind=kind,
                weeks=in_weeks(passed.above.wait.expected),
                norm=in_weeks(norm.days),
                cause=say(f"bottlenecks.cause.{CAUSES[passed.cause or UNKNOWN]}"),
            )
        ]

    def _sole(self, level: Level, passed: Passed) -> list[str]:
        if "sole_link" in passed.suppressed:
            return [say("bottlenecks.passed.sole_hidden", unit=self.unit)]
        if not passed.sole_link:
            return []
        if not self.weighted:
            return [say("bottlenecks.passed.sole_share", share=self._share(level, passed.sole_link))]
        return [say("bottlenecks.passed.sole", **self._families(passed.sole_link))]

    def _queue(self, passed: Passed) -> list[str]:
        if "queue" in passed.suppressed:
            return [say("bottlenecks.queue.hidden")]
        queue = passed.queue
        if queue is None:
            return []
        inflow = say(f"bottlenecks.queue.{passed.inflow}")
        load = say("bottlenecks.share", number=f"{100 * queue.load:.0f}")
        if queue.wait_weeks is None:
            return [say("bottlenecks.queue.no_balance", inflow=inflow, load=load, unit=self.unit)]
        if queue.wait_weeks < _HARDLY:
            return [say("bottlenecks.queue.at_once", inflow=inflow, load=load)]
        return [say("bottlenecks.queue.balance", inflow=inflow, load=load, weeks=in_weeks(queue.wait_weeks * 7))]

    # --- steps and names -------------------------------------------------------------------------------
    def step(self, level: Level, step: Step) -> list[Cell]:
        """A row of the table of steps."""
        value = step.per_year or 0.0
        shown = _amount(value) if self.weighted else self._share(level, value)
        return [self.name(step.source), self.name(step.target), shown]

    def name(self, node: str, municipalities: tuple[str, ...] = ()) -> str:
        """A node by its name; a role that nobody holds by name says so, and where."""
        if not node.startswith("rol:"):
            return self._answer.names[node]
        role = self.landscape.roles.label(node[4:], language())
        codes = municipalities or self._places.get(node, ())
        if not codes:
            return role
        names = self.landscape.municipality_names
        where = ", ".join(names.get(c, c) for c in codes)
        if len(codes) > _MOST_PLACES:
            where = say("bottlenecks.municipalities", number=number(len(codes)))
        return say("bottlenecks.placeholder", role=role, where=where)

    @cached_property
    def _places(self) -> Mapping[str, tuple[str, ...]]:
        """The municipalities where each node is passed."""
        return {p.node: p.municipalities for level in self._answer.levels for p in level.partners}


def _amount(value: float) -> str:
    """A number of families (or weeks) for readers: whole from 10 on, else with at most one decimal."""
    if value >= 10:
        return number(round(value))
    return f"{value:.1f}".removesuffix(".0").replace(".", say("cli.decimal"))
