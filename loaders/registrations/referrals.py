"""Rows of a log → referrals as numbers: who (a hash), from and to where, when, when help began, and the cell of the family.

A column of the tables here is what DESIGN calls private: they live in memory and in the private folder only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from .codes import NOTHING, OUTCOMES, Codes, Distinct, Words, codes_of
from .engine import Engine, all_of
from .mapping import Mapping as LogMapping
from .moments import DAY, IMPOSSIBLE, WAITING, day_of, form_of, minutes_of, moment
from .privacy import refuse_citizen_numbers
from .sources import Delimited, Source, found_headers
from .steps import of_steps, pair_of, wait_of, with_before

if TYPE_CHECKING:
    import ibis.expr.types as ir

#: Why a row is set apart, in the order in which it is looked at.
REASONS: Final = ("no-case", "no-organisation", "no-moment", "bad-start", "after-reference", "unknown-organisation", "within")
_BAD_LINE: Final = "bad-line"
_SAMPLE: Final = 5_000
_AMOUNTS: Final = ("age", "sequence")
_AMOUNT: Final = r"^[ \t]*[+-]?[0-9]+([.,][0-9]+)?[ \t]*\z"
_DECIMAL: Final = "decimal(38, 10)"
#: Whole numbers below this are exact as fractions.
_EXACT: Final = 1e15
_OLDEST: Final = 100
_MONTHS: Final = 12
_MOMENTS: Final = ("referred", "started", "time")


@dataclass(frozen=True)
class Referrals:
    """The rows of a log as numbers.

    ``table`` has a row per referral: ``case`` (a hash), ``pair`` (from and to; from is 0 where a case begins), ``cell``,
    ``referred`` (minutes since 1990), ``wait`` (days until help began; WAITING: not yet, IMPOSSIBLE: before the referral),
    ``outcome``. ``apart`` counts rows by reason, ``rows`` all of them; ``until`` is the last day of which the log tells,
    ``since`` the first referral. ``ambiguous``: steps of one case at one moment, whose order the log does not say;
    ``by_day``: times are days; ``negative``: started before they were referred.
    """

    table: ir.Table
    codes: Codes
    rows: int
    apart: Mapping[str, int]
    since: date
    until: date
    by_day: bool
    ambiguous: int
    negative: int


class Reader:
    """Reads the files of a log with an engine."""

    def __init__(self, engine: Engine, mapping: LogMapping) -> None:
        self.engine = engine
        self.mapping = mapping
        self.misfits = 0
        self.loose = 0

    def referrals(self, sources: Sequence[Source]) -> Referrals:
        """All rows of ``sources`` as referrals; CodesError, LogFileError or RefusedError where that cannot be."""
        texts = [self._texts(source) for source in sources]
        refuse_citizen_numbers(self.engine, texts, self.mapping)
        raw = all_of([self._raw(table) for table in texts])
        until = self._until(raw)
        codes = codes_of(self._distinct(raw), self.mapping)
        coded = self.engine.kept("coded", self._coded(raw, codes, until))
        counts = self.engine.frame(coded.group_by("why").agg(rows=coded.count()))
        found = {int(why): int(rows) for why, rows in counts.iter_rows()}
        apart = {reason: found[n] for n, reason in enumerate(REASONS, 1) if found.get(n)}
        apart |= {_BAD_LINE: self.misfits} if self.misfits else {}
        if self.loose:
            apart[REASONS[0]] = apart.get(REASONS[0], 0) + self.loose
        good = coded.filter(coded.why == 0).drop("why")
        ambiguous = 0
        if self.mapping.by_step:
            steps = self.engine.kept("steps", with_before(good, codes))
            ambiguous = _number(self.engine, steps.filter((steps.before_at == steps.at) & (steps.before != steps.to)).count())
            good = self.engine.kept("referrals", of_steps(steps, codes))
        else:
            good = _of_referrals(good, codes)
        about = self.engine.frame(
            good.agg(
                since=good.referred.min(),
                times=(good.referred % DAY != 0).sum(),
                negative=(good.wait == IMPOSSIBLE).sum(),
            )
        ).row(0, named=True)
        return Referrals(
            good,
            codes,
            sum(found.values()) + self.misfits + self.loose,
            apart,
            day_of(about["since"]) if about["since"] is not None else until,
            until,
            not about["times"],
            ambiguous,
            int(about["negative"] or 0),
        )

    # --- as it stands in the files -------------------------------------------------------------------
    def _texts(self, source: Source) -> ir.Table:
        """A file with the columns of the mapping, under our names."""
        headers = tuple(dict.fromkeys(self.mapping.columns.values()))
        if isinstance(source, Delimited):
            table, bad = self.engine.delimited(source)
            self.misfits += bad
            found = source.wanted
        else:
            table = self.engine.parquet(source.path)
            self.loose += source.apart
            found = found_headers(headers, table.columns, source.path)
        by_header = dict(zip(headers, found, strict=True))
        return table.select(**{name: _written(name, table[by_header[header]]) for name, header in self.mapping.columns.items()})

    def _raw(self, texts: ir.Table) -> ir.Table:
        """Words as they are, moments as minutes, a case as a number."""
        made: dict[str, Any] = {}
        case = _text(texts.case)
        made["case"] = self.engine.number_of(case)
        made["cased"] = case.notnull()
        for name in ("from", "to", "organisation", "municipality", "theme", "outcome"):
            if name in texts.columns:
                made[name] = texts[name].cast("string").nullif("")
        form = self._form(texts)
        for name in _MOMENTS:
            if name in texts.columns:
                made[name] = moment(texts[name], form)
        if "started" in texts.columns:
            said = texts.started
            made["start_said"] = _text(said).notnull() if said.type().is_string() else said.notnull()
        if "age" in texts.columns:
            years = _amount(texts.age)
            made["age"] = years.between(0, _OLDEST).ifelse((years * _MONTHS).floor(), None).cast("int64")
        if "sequence" in texts.columns:
            made["sequence"] = _amount(texts.sequence)
        return texts.select(**made)

    def _form(self, texts: ir.Table) -> str:
        """How the dates of a file are written: one way for all of its columns, since one of them may leave it in doubt."""
        if self.mapping.date_form:
            return self.mapping.date_form
        samples: list[str] = []
        for name in _MOMENTS:
            if name in texts.columns and texts[name].type().is_string():
                column = texts.select(name)
                samples += self.engine.frame(column.filter(column[name].notnull()).limit(_SAMPLE))[name].to_list()
        return form_of(samples)

    def _until(self, raw: ir.Table) -> date:
        """The last day of which the log tells: as the mapping says, else that of the last referral (a start may be planned)."""
        if self.mapping.reference_date:
            return date.fromisoformat(self.mapping.reference_date)
        names = [n for n in ("referred", "time") if n in raw.columns]
        latest = self.engine.frame(raw.agg(**{n: raw[n].max() for n in names})).row(0)
        known = [minutes for minutes in latest if minutes is not None]
        return day_of(max(known)) if known else date(1970, 1, 1)

    def _distinct(self, raw: ir.Table) -> Distinct:
        """The different words of each meaning, with the number of their rows."""
        found: dict[str, dict[str, int]] = {}
        meant = {"from": "organisation", "to": "organisation"}
        for name in ("from", "to", "organisation", "municipality", "theme", "outcome"):
            if name not in raw.columns:
                continue
            counts = self.engine.frame(raw.group_by(word=raw[name]).agg(rows=raw.count()))
            into = found.setdefault(meant.get(name, name), {})
            for word, rows in counts.drop_nulls("word").iter_rows():
                into[word] = into.get(word, 0) + rows
        return {name: sorted(words.items()) for name, words in found.items()}

    # --- as numbers ----------------------------------------------------------------------------------
    def _coded(self, raw: ir.Table, codes: Codes, until: date) -> ir.Table:
        """Every word as its number, and why a row cannot be used (0: it can)."""
        import ibis

        end = minutes_of(until) + DAY
        places = ("organisation",) if self.mapping.by_step else ("from", "to")
        looked = dict.fromkeys(places, codes.organisations)
        looked |= {"municipality": codes.municipalities, "theme": codes.themes, "outcome": codes.outcomes}
        table, number = raw, {name: ibis.literal(NOTHING, "int64") for name in (*looked, "from")}
        for name, words in looked.items():
            if name in raw.columns and words.number:
                table = table.left_join(self._table(name, words), [(name, f"{name}_word")])
                number[name] = table[f"{name}_number"].fill_null(NOTHING)
        at = table.time if self.mapping.by_step else table.referred
        to = number[places[-1]]
        said = table.organisation if self.mapping.by_step else table.to
        has_start = "started" in raw.columns
        outside = [n for n, _ in codes.endings.items()]
        # an empty sender is a family that came by itself; one that may not be read is not
        unknown = (
            ibis.literal(value=False)
            if "from" not in table.columns
            else ~_empty(table["from"], number["from"]) & (number["from"] == NOTHING)
        )
        why = ibis.cases(
            (~table.cased, 1),
            (_empty(said, to), 2),
            (at.isnull(), 3),
            (table.start_said & table.started.isnull() if has_start else ibis.literal(value=False), 4),
            (at >= end, 5),
            ((to == NOTHING) | unknown, 6),
            (ibis.literal(value=False) if self.mapping.by_step else (number["from"] == to) | number["from"].isin(outside), 7),
            else_=0,
        )
        cell = (
            (number["municipality"] << (codes.band_bits + codes.themes.bits))
            | (self._band(table, codes) << codes.themes.bits)
            | number["theme"]
        )
        # what is planned for after the last day has not begun yet
        wait = wait_of(at, (table.started < end).ifelse(table.started, None)) if has_start else ibis.literal(WAITING, "int32")
        made = {
            "why": why,
            "case": table.case,
            "at": at.cast("int32"),
            "cell": cell.cast("int32"),
            "to": to.cast("int32"),
            "outcome": self._outcome(number["outcome"], codes.outcomes).cast("int8"),
        }
        if self.mapping.by_step:
            order = table.sequence if "sequence" in raw.columns else ibis.literal(0.0)
            return table.select(**made, sequence=order)
        return table.select(**made, source=number["from"].cast("int32"), wait=wait)

    def _table(self, name: str, words: Words) -> ir.Table:
        frame = pl.DataFrame(
            {f"{name}_word": list(words.number), f"{name}_number": list(words.number.values())},
            schema={f"{name}_word": pl.String, f"{name}_number": pl.Int64},
        )
        return self.engine.table(f"words_{name}", frame)

    @staticmethod
    def _outcome(number: ir.IntegerValue, words: Words) -> ir.IntegerValue:
        """0 for none, else 1, 2, 3 as in OUTCOMES."""
        import ibis

        branches = [(number == n, OUTCOMES.index(slug) + 1) for n, slug in enumerate(words.names) if slug]
        return ibis.cases(*branches, else_=0).cast("int64") if branches else ibis.literal(0, "int64")

    def _band(self, table: ir.Table, codes: Codes) -> ir.IntegerValue:
        import ibis

        if "age" not in table.columns:
            return ibis.literal(NOTHING, "int64")
        bounds = codes.bands
        inside = [(table.age.between(low, high - 1), n) for n, (low, high) in enumerate(pairwise(bounds), 1)]
        return ibis.cases(*inside, else_=NOTHING).cast("int64")


def _empty(word: ir.StringValue, number: ir.IntegerValue) -> ir.BooleanValue:
    """Whether a cell holds nothing but spaces; only words without a number are looked at, which is quick."""
    import ibis

    return ibis.cases((number != NOTHING, False), (word.isnull(), True), else_=word.strip() == "")


def _written(name: str, column: ir.Column) -> ir.Column:
    """A column as text where it holds words or dates: a whole number without a point, as an id or 20260131 is written."""
    kind = column.type()
    if name in _AMOUNTS or kind.is_temporal():
        return column
    text = column.cast("string")
    if not kind.is_floating():
        return text
    whole = (column.abs() < _EXACT) & (column == column.floor())
    return whole.ifelse(column.cast("int64").cast("string"), text)


def _text(column: ir.Column) -> ir.StringValue:
    """A cell without the spaces around it; null where nothing is left."""
    text = column.cast("string")
    # taking spaces away is slow, and nearly no cell has any
    return text.contains(" ").ifelse(text.strip(), text).nullif("")


def _amount(column: ir.Column) -> ir.FloatingValue:
    """A number, written the Dutch or the English way; null where there is none."""
    if column.type().is_numeric():
        return column.cast("float64")
    text = column.cast("string")
    # engines do not take the same words for a number
    return text.re_search(_AMOUNT).ifelse(text.replace(",", ".").try_cast(_DECIMAL), None).cast("float64")


def _of_referrals(coded: ir.Table, codes: Codes) -> ir.Table:
    return coded.select(
        "case",
        "cell",
        "outcome",
        "wait",
        pair=pair_of(coded.source, coded.to, codes),
        referred=coded.at,
    )


def _number(engine: Engine, value: ir.IntegerScalar) -> int:
    return int(engine.frame(value.as_table())[0, 0])
