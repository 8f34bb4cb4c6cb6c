"""What is too small to show is taken out before anything is written, with what would give it back (graph/disclosure.py).

Every number here is a number of families, and all of them come from one list of moves, so they add up exactly:

* a pair is the sum of its cells, and the sum of its years;
* of a pair and a year those that went back and those that did not; of those that went back, those of all years are the
  families that went to and fro between two organisations: a part of the pair, and of the pair the other way round;
* of who came to an organisation those that still wait are a part, of who went to and fro those that had no appointment;
* who came to an organisation (entered or was referred) either left it or ended there, but for those who went two ways at
  once or may yet go on: these are in no file, and where nobody did, the reader is taken to know that.

The numbers of whole organisations and pairs go into one ledger. What they are made of (cells, years) is a list that adds up
to a number that may be known: there the small ones are hidden, and with them the next ones up until what is hidden adds up
to the threshold; the rule of the ledger, for a list. Where the sum itself is hidden, so are all its parts.

Where everybody who came to an organisation or began there is known to have left it or ended there, that holds for each cell
too. There, of a cell of which one number is hidden, none is shown: the others would give it away. Families of one hidden cell
can then be taken for families of another all along their way, from where they may have come to where they may have gone, and
every sum stays what it was; so what is enough in a list is enough here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import polars as pl

from ...graph.disclosure import Ledger
from .codes import Codes
from .period import least
from .tallies import Tallies

#: Kinds of figures of the ledger.
PAIR: Final = "pair"
ENTRY: Final = "entry"
END: Final = "end"
ARRIVED: Final = "arrived"
_STAYS: Final = ("stay_median", "stay_p95")


@dataclass(frozen=True)
class Shown:
    """The tallies as they may be shown: ``families``, ``returned``, ``unstarted`` and ``waiting`` null where hidden.

    Cells and entries that are hidden are left out. ``rest``: pair and families of all cells of it that are hidden, as one;
    null where that too is hidden. ``entries_rest``: the same per place and municipality. ``hidden`` counts the figures that
    were hidden.
    """

    tallies: Tallies
    rest: pl.DataFrame
    entries_rest: pl.DataFrame
    hidden: int


def shown(told: Tallies, codes: Codes, threshold: int, years: float) -> Shown:
    """The tallies without what is too small to show.

    ``years`` is the length of the period: a number per year is shown, so it must not be small either.
    """
    return _Protecting(told, codes, threshold, years).done()


def parts(frame: pl.DataFrame, whole: str, number: str, threshold: float) -> pl.Series:
    """Which rows of ``frame`` may be shown, if the sum of ``number`` of all rows of one ``whole`` is known.

    Small numbers (0 < n < threshold) are not, and the smallest others until those that are not add up to the threshold;
    where all of them do not, nothing of that whole is.
    """
    if frame.is_empty():
        return pl.Series(dtype=pl.Boolean)
    n = pl.col(number)
    ordered = frame.select(whole, number).with_row_index("at").filter(n > 0).sort(whole, number, "at")
    small = (n < threshold).any().over(whole)
    before = n.cum_sum().over(whole) - n  # what is hidden when this one is reached
    hides = (n < threshold) | (small & (before < threshold))
    hidden = ordered.filter(hides)["at"]
    return pl.repeat(True, frame.height, dtype=pl.Boolean, eager=True).scatter(hidden, False)


class _Protecting:
    def __init__(self, told: Tallies, codes: Codes, threshold: int, years: float) -> None:
        self.told = told
        self.codes = codes
        self.threshold = threshold
        self.bits = codes.organisations.bits
        self.least = least(threshold, years)

    def done(self) -> Shown:
        told = self.told
        pairs = told.pairs.with_columns(families=_unless(self._in(PAIR, "pair"), "families"))
        known = pl.col("pair").is_in(pairs.filter(pl.col("families").is_not_null())["pair"].to_list())
        cells, entries = self._balanced(
            told.cells.with_columns(visible=parts(told.cells, "pair", "families", self.least)).with_columns(
                visible=pl.col("visible") & known
            ),
            self._began(told.entries),
        )
        cells, rest = self._cells(cells, known)
        entries, entries_rest = self._entries(entries)
        made = replace(
            told,
            pairs=_unless_few(_unless_few(pairs, "started", self.threshold, "median", "p95"), "stays", self.threshold, *_STAYS),
            cells=_unless_few(cells, "started", self.threshold, "median", "p90", "median_km"),
            places=self._places(),
            entries=entries,
            onward=self._onward(known),
            ends=self._ends(),
            returns=self._returns,
        )
        hidden = len(self.hidden) + sum(
            before.height - after["families"].count()
            for before, after in (
                (told.cells, cells),
                (told.entries, entries),
                (told.onward, made.onward),
                (told.ends, made.ends),
            )
        )
        return Shown(made, rest, entries_rest, hidden)

    @cached_property
    def hidden(self) -> frozenset[Any]:
        """The keys of the ledger that must not be shown."""
        return self._stated[0].hidden()

    @property
    def closed(self) -> list[int]:
        """The places of which it is known who left them: everybody who came."""
        return self._stated[1]

    def _in(self, kind: str, *columns: str) -> pl.Expr:
        """Whether the figure of a row is hidden in the ledger."""
        out = [key[1:] for key in self.hidden if key[0] == kind]
        if len(columns) == 1:
            return pl.col(columns[0]).is_in([key[0] for key in out])
        return pl.concat_str(columns, separator="/").is_in(["/".join(map(str, key)) for key in out])

    # --- whole organisations and pairs -----------------------------------------------------------------
    @cached_property
    def _stated(self) -> tuple[Ledger, list[int]]:
        """The ledger, and the places where who came and who left or ended there are equally many."""
        closed: list[int] = []
        told, ledger = self.told, Ledger(self.threshold)
        numbers: dict[Any, int] = {(PAIR, pair): families for pair, families in _totals(told.onward, "pair")}
        numbers |= {(ARRIVED, place): families for place, families in told.places.select("place", "families").iter_rows()}
        numbers |= {(ENTRY, place): families for place, families in _totals(told.entries, "place")}
        numbers |= {(END, *key): families for *key, families in _totals(told.ends, "place", "outcome")}
        coming: dict[int, list[Any]] = {}
        going: dict[int, list[Any]] = {}
        for key, families in numbers.items():
            ledger.add(key, families)
            if key[0] == PAIR:
                coming.setdefault(key[1] % (1 << self.bits), []).append(key)
                going.setdefault(key[1] >> self.bits, []).append(key)
            elif key[0] == END:
                going.setdefault(key[1], []).append(key)
        for place, pairs in coming.items():
            if (ARRIVED, place) in numbers:
                ledger.equals((ARRIVED, place), pairs)
        for place, out in going.items():
            came = [key for key in ((ARRIVED, place), (ENTRY, place)) if key in numbers]
            if came and _balance(ledger, numbers, place, came, out):
                closed.append(place)
        few = pl.col("families").is_between(0, self.threshold, closed="none")
        for ways in self._both_ways(told.returns.filter(few)).select("pair", "turned").iter_rows():
            ledger.common_part(*((PAIR, way) for way in ways))
        return ledger, closed

    # --- what they are made of ---------------------------------------------------------------------------
    def _cells(self, cells: pl.DataFrame, known: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
        rest = cells.filter(~pl.col("visible")).group_by("pair").agg(pl.col("families").sum()).sort("pair")
        few = ~known | (pl.col("families") < self.least)
        return cells.filter("visible").drop("visible"), rest.with_columns(families=_unless(few, "families"))

    def _entries(self, entries: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Where families began; what is hidden once more by municipality alone, where it does not balance with who left."""
        width = self.codes.band_bits + self.codes.themes.bits
        hidden = entries.filter(~pl.col("visible") & ~pl.col("place").is_in(self.closed))
        rest = hidden.group_by("place", municipality=pl.col("cell") // (1 << width)).agg(pl.col("families").sum())
        rest = self._began(rest.sort("place", "municipality")).filter("visible").drop("visible")
        return entries.filter("visible").drop("visible"), rest

    def _began(self, entries: pl.DataFrame) -> pl.DataFrame:
        shown = parts(entries, "place", "families", self.least)
        return entries.with_columns(visible=shown & ~self._in(ENTRY, "place"))

    def _balanced(self, cells: pl.DataFrame, entries: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Cells and entries, none visible of a cell of which a number is hidden at a closed place (came, began or left)."""
        one, many = 1 << self.bits, cells.height
        pair = pl.col("pair").cast(pl.Int64)
        at = [cells.with_row_index("number").with_columns(place=end) for end in (pair // one, pair % one)]
        at.append(entries.with_row_index("number", offset=many))
        columns = ("number", pl.col("place", "cell").cast(pl.Int64), "visible")
        numbers = pl.concat([frame.select(*columns) for frame in at]).filter(pl.col("place").is_in(self.closed))
        before = -1
        while (hidden := numbers.filter(~pl.col("visible")).height) != before:
            before = hidden
            # what is hidden at one place of a number is hidden at its other
            for by in (("place", "cell"), ("number",)):
                numbers = numbers.with_columns(pl.col("visible").all().over(by))
        out = pl.col("number").is_in(numbers.filter(~pl.col("visible"))["number"].to_list())
        cells, entries = (
            frame.with_row_index("number", offset=first).with_columns(visible=pl.col("visible") & ~out).drop("number")
            for frame, first in ((cells, 0), (entries, many))
        )
        return cells, entries

    def _onward(self, known: pl.Expr) -> pl.DataFrame:
        """Of a pair the years; and of each the families that went back, where no year of the pair has too few of them."""
        onward = self.told.onward
        staying = pl.col("families") - pl.col("returned")
        few = [n.is_between(0, self.threshold, closed="none") for n in (pl.col("returned"), staying)]
        turned = self._both_ways(onward).with_columns(
            visible=parts(onward, "pair", "families", self.threshold), few=pl.any_horizontal(*few).any().over("pair")
        )
        visible = pl.col("visible") & known
        unseen = self._returns.filter(pl.col("families").is_null())["pair"].to_list()
        hush = ~visible | pl.col("few") | (pl.col("turned").is_in(unseen) & (pl.col("returned") > 0))
        return turned.with_columns(families=_unless(~visible, "families"), returned=_unless(hush, "returned")).drop(
            "visible", "few", "turned"
        )

    def _ends(self) -> pl.DataFrame:
        ends = self.told.ends.with_columns(whole=pl.concat_str("place", "outcome", separator="/"))
        visible = parts(ends, "whole", "families", self.threshold)
        few = ~pl.col("visible") | self._in(END, "place", "outcome")
        return ends.with_columns(visible=visible).with_columns(families=_unless(few, "families")).drop("whole", "visible")

    def _places(self) -> pl.DataFrame:
        places = _hushed(self.told.places, "waiting", self.threshold)
        shut = self._in(ARRIVED, "place")
        places = places.with_columns(_unless(shut, c).alias(c) for c in ("families", "waiting"))
        return _unless_few(places, "started", self.threshold, "median", "p90", "median_km")

    @cached_property
    def _returns(self) -> pl.DataFrame:
        """Who went back, and of them who had no appointment there.

        They are a part of who went there, and of who went the other way. Where such a whole is hidden the part would say
        how large it is at least; so it is hidden too. In the ledger each of these relations would be a third one of its
        figure, which only a linear programme solves: a minute where this takes none. The ledger is told that where few
        went back the two wholes have them in common: where both are hidden, both must be able to be large at once.
        """
        returns = _hushed(self._both_ways(self.told.returns), "unstarted", self.threshold)
        wholes = self.told.onward.group_by("pair").agg(whole=pl.col("families").sum())
        hidden = [key[1] for key in self.hidden if key[0] == PAIR]
        for way in ("pair", "turned"):
            returns = returns.join(wholes.rename({"pair": way, "whole": f"{way}_whole"}), on=way, how="left")
            returns = returns.with_columns(families=_unless(pl.col(way).is_in(hidden), "families"))
            returns = _hushed(returns, "families", self.threshold, whole=f"{way}_whole")
        return _unless_few(returns.select(self.told.returns.columns), "families", self.threshold, "unstarted", "median")

    def _both_ways(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with the pair the other way round (turned)."""
        one = 1 << self.bits
        return frame.with_columns(turned=(pl.col("pair") % one) * one + pl.col("pair") // one)


def _unless(hush: pl.Expr, column: str) -> pl.Expr:
    return pl.when(~hush).then(pl.col(column))


def _unless_few(frame: pl.DataFrame, number: str, threshold: int, *columns: str) -> pl.DataFrame:
    """The frame with ``columns`` where they are about enough families; and not where the number of families is hidden."""
    enough = (pl.col(number) >= threshold) & pl.col("families").is_not_null()
    return frame.with_columns(pl.when(enough).then(pl.col(c)).alias(c) for c in columns)


def _totals(frame: pl.DataFrame, *by: str) -> Iterator[tuple[int, ...]]:
    """Key and families, in order of key."""
    return frame.group_by(by).agg(pl.col("families").sum()).sort(by).iter_rows()


def _balance(ledger: Ledger, numbers: Mapping[Any, int], place: int, came: Sequence[Any], went: Sequence[Any]) -> bool:
    """State that who came to a place left it or ended there; but for who went two ways, or may yet go on: whether nobody did."""
    total = [sum(numbers[key] for key in side) for side in (came, went)]
    through = max(total)
    ledger.add(("through", place), through, printed=False)
    for side, number in zip((came, went), total, strict=True):
        beside = [("beside", place)] if number < through else []
        if beside:
            ledger.add(beside[0], through - number, printed=False)
        ledger.equals(("through", place), [*side, *beside])
    return total[0] == total[1]


def _hushed(frame: pl.DataFrame, part: str, threshold: int, *, whole: str = "families") -> pl.DataFrame:
    """The frame without numbers of a part that are small, or that leave a small rest of the whole."""
    rest = pl.col(whole) - pl.col(part)
    few = [n.is_between(0, threshold, closed="none") for n in (pl.col(part), rest)]
    return frame.with_columns(_unless(few[0] | few[1], part).alias(part))
