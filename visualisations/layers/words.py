"""How the layers of the map say figures: as the command line says them, small numbers never."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ...graph.analyses.common import unit_said
from ...graph.analyses.waiting.answer import CAUSES, UNKNOWN, Passed
from ...graph.waiting import WEEK, Source
from ...ontology.catalogue import text
from ...ontology.concepts import scheme
from ..material import OFFERING, Material


@dataclass(frozen=True)
class LayerWords:
    """The sentences of the layers in the language of ``material``; ``weighted``: figures are families, else shares."""

    material: Material
    weighted: bool

    @property
    def lang(self) -> str:
        return self.material.words.lang

    def say(self, key: str, /, **values: object) -> str:
        """The sentence ``layers.<key>`` with its places filled."""
        return text(f"layers.{key}", self.lang, **values)

    @property
    def unit(self) -> str:
        """What is counted, as readers call it; a region's own unit as it is written."""
        return unit_said(self.material.landscape.settings.unit, self.lang)

    def amount(self, value: float) -> str:
        """A number for readers: whole from 10 on, else with at most one decimal."""
        if value >= 10:
            return f"{value:.0f}"
        return f"{value:.1f}".removesuffix(".0").replace(".", self.material.words.say("word.decimal"))

    @property
    def hidden(self) -> str:
        """What stands for a figure that is not shown."""
        return self.say("say.hidden", threshold=self.material.landscape.settings.threshold)

    def figure(self, value: float | None, of: float | None) -> str:
        """A number of families, or unweighted its share of ``of``; None is not shown."""
        if value is None:
            return self.hidden
        if self.weighted:
            return self.amount(value)
        share = 100 * value / of if of else 0.0
        return self.say("say.share_small") if 0 < share < 1 else self.say("say.share", n=f"{share:.0f}")

    def level(self, level: int) -> str:
        """A level by its name."""
        return scheme("level").label(str(level), self.lang)

    def origin(self, sources: Iterable[Source]) -> str:
        """Source and its date, file, sheet and row of each row, one a line."""
        words = self.material.words
        lines = []
        for s in dict.fromkeys(sources):
            said = s.text or words.unknown
            if s.date:
                said = words.say("word.source_dated", source=said, date=words.date(s.date))
            sheet = words.say("word.sheet", sheet=s.sheet) if s.sheet else ""
            lines.append(f"{said}, {words.say('word.address', file=s.file, sheet=sheet, row=s.row or '?')}")
        return "\n".join(dict.fromkeys(lines))

    def quotes(self, nodes: Iterable[str]) -> str:
        """What the partners that ``nodes`` are or belong to said of it, each with its name."""
        material = self.material
        found: dict[str, str] = {}
        for node in nodes:
            offering = material.offerings.get(node.removeprefix(OFFERING)) if node.startswith(OFFERING) else None
            partner = material.partners.get(offering["partner"] or "" if offering else node)
            if partner and partner["response"]:
                found[partner["name"]] = partner["response"]
        return "\n".join(self.say("say.quoted", name=name, words=words) for name, words in found.items())

    def waits(self, passed: Passed) -> str:
        """The kind of wait and every wait there that differs, each with its date."""
        words = self.material.words
        kind = words.label("wait-kind", passed.wait.kind)
        said = dict.fromkeys(words.wait(wait) for wait in passed.waits or (passed.wait,))
        return words.say("word.labelled", label=kind, text="; ".join(said))

    def norm(self, passed: Passed) -> str:
        """The norm for its wait, and whether that is above it: only then it is a bottleneck."""
        norm = passed.norm
        if norm is None or norm.days is None:
            return ""
        words, kinds = self.material.words, scheme("wait-kind")
        kind = kinds.label(kinds.find(norm.kind) or norm.kind, self.lang)
        weeks = words.weeks(norm.days, norm.days)
        if passed.above is None:
            return text("bottlenecks.wait.norm", self.lang, kind=kind, weeks=weeks)
        cause = text(f"bottlenecks.cause.{CAUSES[passed.cause or UNKNOWN]}", self.lang)
        expected = passed.above.wait.expected
        long = words.weeks(expected, expected)
        return text("bottlenecks.wait.bottleneck", self.lang, kind=kind, weeks=long, norm=weeks, cause=cause)

    def weeks(self, days: float | None) -> str:
        """Family-days as whole weeks; None is not shown."""
        return self.hidden if days is None else f"{days / WEEK:.0f}"
