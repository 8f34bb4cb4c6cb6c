"""What partners state beside what a log shows, as a document: what differs, by name, and what could not be judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from . import telling_observed_waits
from .document import Cell, Document
from .language import say
from .observed_words import Words
from .output import number
from .wording import age_text, assumption_texts, header, source_text

if TYPE_CHECKING:
    from ..graph.analyses.observed.answer import NotSeen, NotStated, Observed
    from ..graph.landscape import Landscape
    from ..loaders.read import Reading

#: The findings that tell of a name that no partner bears, or several.
UNKNOWN: Final = ("unknown-reference", "ambiguous-reference")
#: So many names are told in one sentence.
_NAMES: Final = 30


@dataclass(frozen=True, slots=True)
class Unknown:
    """Names of a log that no partner of the build bears: (name, rows, proposals); ``unlisted`` rows are only counted."""

    names: tuple[tuple[str, int, str | None], ...]
    unlisted: int

    @classmethod
    def of(cls, reading: Reading) -> Unknown:
        """The names that ``reading`` could not place."""
        found = [f for f in reading.findings if f.code in UNKNOWN and f.value]
        rows = Counter(name for name, *_ in {(f.value, f.file, f.row) for f in found})
        proposed = {f.value: f.suggestion for f in found}
        more = (dict(f.values) for f in reading.findings if f.code == "many-alike")
        unlisted = sum(int(str(said["number"])) for said in more if said["kind"] in UNKNOWN)
        return cls(tuple((str(n), rows[n], proposed[n]) for n in sorted(rows, key=lambda n: str(n).casefold())), unlisted)

    @property
    def rows(self) -> int:
        """How many rows stand apart because of them."""
        return sum(n for _, n, _ in self.names) + self.unlisted


def answer(found: Observed, unknown: Unknown) -> dict[str, Any]:
    """The answer as JSON (CONTRACTS §6)."""
    names = [{"name": n, "rows": rows, "suggestions": proposed} for n, rows, proposed in unknown.names]
    return {**header(found.frame), **found.as_dict(), "unknown_names": names}


def document(landscape: Landscape, found: Observed, unknown: Unknown, codes: Sequence[str], top: int) -> Document:
    """The whole, each table with ``top`` rows at most (0: all)."""
    return _Telling(landscape, found, top).whole(unknown, codes)


class _Telling:
    def __init__(self, landscape: Landscape, found: Observed, top: int) -> None:
        self.found = found
        self.words = Words(landscape, top)
        self.made = Document()

    def whole(self, unknown: Unknown, codes: Sequence[str]) -> Document:
        made, found = self.made, self.found
        where = ", ".join(self.words.place(c) for c in codes)
        made.heading(say("observed.title_in", where=where) if codes else say("observed.title"))
        self.about(where)
        self.unknown(unknown)
        self.not_seen()
        plain = [n for n in found.not_stated if not n.bars]
        self.not_stated(plain)
        self.barred([n for n in found.not_stated if n.bars])
        telling_observed_waits.tell(made, self.words, found.waits, found.log.unit)
        self.numbers()
        self.not_covered()
        for sentence in assumption_texts(found.frame):
            made.say(sentence)
        made.say(say("answers.footer"))
        made.long([*found.rows(), *self.unknown_rows(unknown)])
        return made

    def about(self, where: str) -> None:
        found, log = self.found, self.found.log
        period = say("observed.no_period")
        if log.period_from and log.period_until:
            period = say("observed.period", start=log.period_from, end=log.period_until)
        source = "; ".join(log.sources) or say("observed.no_source")
        self.made.say(say("observed.about", source=source, period=period, date=found.frame.reference_date))
        self.made.say(say("observed.two_sources"))
        if log.unit != found.frame.unit:
            self.made.say(say("observed.units", seen=self.words.unit(log.unit), stated=self.words.unit(found.frame.unit)))
        counts = {"not_seen": len(found.not_seen), "not_covered": len(found.not_covered)}
        counts |= {"routes": found.routes, "seen": found.seen}
        self.made.say(say("observed.counts", **{k: number(v) for k, v in counts.items()}))
        if where:
            self.made.say(say("observed.no_place", where=where))
        if self.any_hidden():
            self.made.say(say("observed.hidden", word=say("observed.few"), threshold=found.threshold))

    def any_hidden(self) -> bool:
        """Whether any number is not shown."""
        hidden = (n.handover.number is None for n in self.found.not_stated if not n.bars)
        return any(hidden) or any(n.suppressed for n in self.found.not_seen)

    # --- names that nobody bears -----------------------------------------------------------------------
    def unknown(self, unknown: Unknown) -> None:
        if not unknown.names:
            return
        total = len(unknown.names)
        self.made.heading(say(f"observed.unknown.title_{'one' if total == 1 else 'more'}", number=number(total)))
        self.made.say(say("observed.unknown.apart", rows=number(unknown.rows)))
        if unknown.unlisted:
            self.made.say(say("observed.unknown.more", number=number(unknown.unlisted)))
        columns = [say(f"observed.unknown.{c}") for c in ("name", "rows", "proposals")]
        self.words.table(self.made, columns, [[name, number(rows), proposed] for name, rows, proposed in unknown.names])

    @staticmethod
    def unknown_rows(unknown: Unknown) -> Iterator[dict[str, Any]]:
        """The unknown names as rows of the one long table."""
        from ..graph.analyses.observed.pieces import as_row

        for name, rows, proposed in unknown.names:
            yield as_row("unknown_names", name, None, why=proposed, rows=rows)

    # --- routes ----------------------------------------------------------------------------------------
    def not_seen(self) -> None:
        made, told = self.made, self.found.not_seen
        made.heading(say("observed.not_seen.title", number=number(len(told))))
        made.say(say("observed.not_seen.means" if told else "observed.not_seen.none"))
        columns = [say(f"observed.{c}") for c in ("from", "to", "kind", "per_year", "beside", "source")]
        rows: list[list[Cell]] = [
            [
                self.words.name(n.route.start),
                self.words.name(n.route.end),
                self.words.kind(n.route.kind),
                say("observed.few") if n.suppressed else "" if n.per_year is None else number(n.per_year),
                self.words.with_words(self.remarks(n), n.responses),
                source_text([n.route.origin]),
            ]
            for n in told
        ]
        self.words.table(self.made, columns, rows)

    def remarks(self, said: NotSeen) -> Iterator[str]:
        """What may explain that a route was not seen."""
        route = said.route
        places = [self.words.place(c) for c in route.municipalities]
        limits = self.words.limits(", ".join(places), route.age_from, route.age_until, route.themes)
        if limits:
            yield say("observed.not_seen.limits", limits=limits)
        if said.possible > 1:
            yield say("observed.not_seen.senders", possible=number(said.possible), senders=number(said.senders))
        if not said.sends:
            yield say("observed.not_seen.receives")
        if not said.receiver:
            yield say("observed.not_seen.no_receiver")

    def not_stated(self, told: Sequence[NotStated]) -> None:
        made = self.made
        made.heading(say("observed.not_stated.title", number=number(len(told))))
        made.say(say("observed.not_stated.means" if told else "observed.not_stated.none"))
        shown = sum(n.handover.number is not None for n in told)
        if shown < len(told):
            made.say(say("observed.not_stated.numbered", number=number(shown)))
        columns = [say("observed.from"), say("observed.to"), say("observed.not_stated.number")]
        columns += [say("observed.beside"), say("observed.source")]
        rows: list[list[Cell]] = [
            [
                *(self.words.name(node) for node in n.handover.pair),
                self.families(n),
                self.words.with_words(self.others(n), n.responses),
                self.words.sources(n.sources, n.log_sources),
            ]
            for n in told
        ]
        self.words.table(self.made, columns, rows)

    @staticmethod
    def families(said: NotStated) -> str:
        shown, hidden = said.handover.number, said.handover.hidden
        if shown is None:
            return say("observed.few")
        return say("observed.at_least", number=number(shown)) if hidden else number(shown)

    def others(self, said: NotStated) -> Iterator[str]:
        """What the lists do say between two ends without a route."""
        from ..graph.analyses.observed.routes import ENDED, HOLDS

        kinds = dict.fromkeys(self.words.kind(r.kind) for r in said.others if r.when == HOLDS)
        if kinds:
            yield say("observed.not_stated.other_kind", kind=", ".join(kinds))
        for route in said.others:
            if route.when != HOLDS:
                yield say(f"observed.not_stated.{'ended' if route.when == ENDED else 'to_come'}", route=route.id)
        if said.free:
            yield say("observed.not_stated.free")

    def barred(self, told: Sequence[NotStated]) -> None:
        if not told:
            return
        self.made.heading(say("observed.barred.title", number=number(len(told))))
        self.made.say(say("observed.barred.means"))
        columns = [say("observed.from"), say("observed.to"), say("observed.barred.what"), say("observed.per_year")]
        columns += [say("observed.beside"), say("observed.source")]
        rows: list[list[Cell]] = []
        for n in told:
            shown = [c.per_year for c in n.cells if c.per_year is not None]
            rows.append(
                [
                    *(self.words.name(node) for node in n.handover.pair),
                    "; ".join(self.bar(n, bar) for bar in n.bars),
                    number(sum(shown)) if len(shown) == len(n.cells) else "",
                    self.words.with_words([], n.responses),
                    self.words.sources(n.sources, n.log_sources),
                ]
            )
        self.words.table(self.made, columns, rows)

    def bar(self, said: NotStated, bar: str) -> str:
        """Why a route does not hold for the families that were seen."""
        ages = dict.fromkeys(age_text(c.age_from, c.age_until) for c in said.cells)
        themes = dict.fromkeys(self.words.theme(c.theme) for c in said.cells if c.theme)
        partners = [self.words.name(p) for p in said.outside]
        told = {"ages": ", ".join(ages), "themes": ", ".join(themes), "partner": ", ".join(partners)}
        sentence = say(f"observed.barred.{bar}", place=self.words.place(said.municipality or ""), **told)
        if said.municipality and bar in ("leeftijd", "thema"):
            return f"{self.words.place(said.municipality)}: {sentence}"
        return sentence

    # --- numbers, and what the log does not tell -------------------------------------------------------
    def numbers(self) -> None:
        told = self.found.numbers
        if not told:
            return
        self.made.heading(say("observed.numbers.title", number=number(len(told))))
        self.made.say(say("observed.numbers.means"))
        columns = [say("observed.from"), say("observed.to"), say("observed.numbers.stated"), say("observed.numbers.seen")]
        columns += [say("observed.beside"), say("observed.source")]
        rows: list[list[Cell]] = [
            [
                *(self.words.name(node) for node in n.pair),
                number(n.stated),
                number(round(n.seen)),
                self.words.with_words([], n.responses),
                self.words.sources([r.origin for r in n.routes], n.handover.origins),
            ]
            for n in told
        ]
        self.words.table(self.made, columns, rows)

    def not_covered(self) -> None:
        from ..graph.analyses.observed.answer import PERIOD, SENDER, WITHIN
        from ..graph.analyses.observed.compared import NOTHING_STATED, ONLY_TOTAL, TOO_FEW

        routes, waits = self.found.not_covered, self.found.uncompared
        if not routes and not waits:
            return
        self.made.heading(say("observed.not_covered.title"))
        for reason, key in ((SENDER, "sender"), (PERIOD, "period"), (WITHIN, "within")):
            told = [n.route for n in routes if n.reason == reason]
            if told:
                by_sender = Counter(self.words.name(r.start) for r in told)
                named = [f"{name}: {number(n)}" for name, n in by_sender.items()]
                if reason != SENDER:
                    named = [f"{self.words.name(r.start)} → {self.words.name(r.end)}" for r in told]
                self.made.say(say(f"observed.not_covered.{key}", number=number(len(told)), names=self.names(named)))
        for reason, key in ((NOTHING_STATED, "nothing_stated"), (ONLY_TOTAL, "only_total"), (TOO_FEW, "too_few")):
            on = [self.words.name(u.on) for u in waits if u.reason == reason]
            if on:
                self.made.say(say(f"observed.not_covered.{key}", number=number(len(on)), names=self.names(on)))

    def names(self, names: Sequence[str]) -> str:
        most = len(names) if self.words.top == 0 else _NAMES
        shown = ", ".join(names[:most])
        if len(names) <= most:
            return shown
        return say("observed.not_covered.and_more", names=shown, number=number(len(names) - most))
