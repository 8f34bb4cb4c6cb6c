"""What a log of referrals shows, as `log` writes it: handovers, families that go back and forth, and who was measured.

It stays within what the other tables say: a pair is a registered route that moves families, and no number is above
what goes along that route or, where that is told, out to that partner. What fewer than ten families did is not counted.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import polars as pl
from draw import SOURCE, Floats, chance, iso, only
from plan import Plan
from story import MOVES_NOBODY
from waits import USUAL
from world import Tables

#: The kinds of partners that keep a log of who is referred to them and by them.
_KEEPING: Final = ("soj", "gemeente", "lokaal-team", "jeugdhulp", "jggz")
_LEAST: Final = 10
_UNCOUNTED: Final = "Te weinig gezinnen om te tellen."
_PAIR: Final = ["_van", "_naar"]


def drawn(routes: pl.DataFrame, partners: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """What happens between each pair of partners, as shares and weeks: the same in every edition."""
    rng = plan.rng(70)
    keeping = partners.filter(pl.col("_kind").is_in(_KEEPING))["id"].to_list()
    kept = pl.col("_van").is_in(keeping) | pl.col("_naar").is_in(keeping)
    pairs = _moving(routes).select(_PAIR).unique(maintain_order=True).filter(kept)
    kinds = pairs.join(partners.select("_kind", _naar="id"), on="_naar", how="left", maintain_order="left")["_kind"]
    number = pairs.height
    usual = kinds.replace_strict(USUAL, default=1.0, return_dtype=pl.Float64).to_numpy()
    both = pairs.join(pairs.select(_van="_naar", _naar="_van"), on=_PAIR, how="semi", maintain_order="left")
    made = pairs.with_columns(
        pl.Series("share", rng.uniform(0.75, 1.0, number)),
        pl.Series("seen", rng.random(number)),
        pl.Series("weeks", usual * rng.lognormal(0.0, 0.35, number)),
        pl.Series("spread", rng.uniform(1.6, 3.2, number)),
        pl.Series("stay", rng.lognormal(2.2, 0.6, number)),
        pl.Series("back", rng.uniform(0.8, 1.0, number)),
        pl.Series("unstarted", _some(rng, 0.3, 0.7, number)),
        pl.Series("returning", _some(rng, 0.3, 0.6, number)),
    )
    # who refers both ways is seen more often
    twice = made.select(_PAIR).join(both.with_columns(twice=0.5), on=_PAIR, how="left", maintain_order="left")["twice"]
    return made.with_columns(seen=pl.col("seen") * twice.fill_null(1.0))


def logged(found: Tables, pairs: pl.DataFrame, plan: Plan) -> Tables:
    """The tables of an edition with what its log shows of the year before; ``pairs`` as :func:`drawn`."""
    handovers = _handovers(pairs, found, plan)
    returns = _returns(handovers)
    return {
        **found,
        "wachttijden": _measured(found, plan),
        "uitstroom": _returned(found["uitstroom"], handovers, returns),
        "overdrachten": _public(
            handovers,
            plan,
            71,
            van="_van",
            naar="_naar",
            aantal="number",
            weken_mediaan=_weeks("weeks"),
            weken_p95=_weeks(pl.col("weeks") * pl.col("spread")),
            weken_ervoor_mediaan=_weeks("stay"),
            weken_ervoor_p95=_weeks(pl.col("stay") * pl.col("spread")),
        ),
        "heen_en_weer": _public(
            returns,
            plan,
            72,
            van="_van",
            naar="_naar",
            aantal="number",
            zonder_start=_part_of("number", pl.col("number") * pl.col("unstarted")),
            weken_mediaan=_weeks(pl.col("weeks") + pl.col("stay")),
        ),
    }


def _some(rng: np.random.Generator, low: float, high: float, number: int) -> Floats:
    """Nothing in four of ten, else a share."""
    made: Floats = np.where(chance(rng, 0.4, number), 0.0, rng.uniform(low, high, number))
    return made


def _moving(routes: pl.DataFrame) -> pl.DataFrame:
    """The routes along which families go from a partner to a partner."""
    between = [pl.col(end).str.starts_with("P") for end in _PAIR]
    return routes.filter(~pl.col("soort").is_in(MOVES_NOBODY), *between)


def _part_of(whole: str, part: pl.Expr) -> pl.Expr:
    """Whole families of ``whole``; empty where these or the others are too few to tell."""
    made = part.floor().cast(pl.Int64)
    few = [(n > 0) & (n < _LEAST) for n in (made, pl.col(whole) - made)]
    return pl.when(~pl.any_horizontal(few)).then(made)


def _weeks(value: str | pl.Expr) -> pl.Expr:
    """Half weeks as Dutch writes them, at least half a week; empty where the families are not counted."""
    number = (pl.col(value) if isinstance(value, str) else value) * 2
    half = pl.max_horizontal(number.round(), 1).cast(pl.Int64)
    text = pl.when(half % 2 == 0).then((half // 2).cast(pl.String)).otherwise(pl.format("{},5", half // 2))
    return pl.when(pl.col("number").is_not_null()).then(text)


def _handovers(pairs: pl.DataFrame, found: Tables, plan: Plan) -> pl.DataFrame:
    """The pairs of which the log tells, with ``number``: empty where it is small."""
    first, last = _period(plan)
    begun = pl.col("geldig_van").is_null() | (pl.col("geldig_van") <= first)
    lasting = pl.col("geldig_tot").is_null() | (pl.col("geldig_tot") > last)
    along = (
        _moving(found["routes"]).filter(begun, lasting).group_by(_PAIR, maintain_order=True).agg(pl.col("aantal_per_jaar").sum())
    )
    out = found["uitstroom"].select("aantal", _van="partner", _naar="naar")
    flows = along.join(out, on=_PAIR, how="left", maintain_order="left")
    most = pl.min_horizontal("aantal_per_jaar", "aantal")
    made = pairs.join(flows.select(*_PAIR, most=most), on=_PAIR, how="inner", maintain_order="left")
    number = (pl.col("most") * pl.col("share")).floor().cast(pl.Int64)
    made = made.with_columns(pl.when(number >= _LEAST).then(number).alias("number"))
    return made.filter(pl.col("seen") < pl.when(pl.col("number").is_null()).then(0.3).otherwise(0.85))


def _returns(handovers: pl.DataFrame) -> pl.DataFrame:
    """The pairs between which families go there and back again, with ``number``: empty where it is small."""
    there = handovers.filter(pl.col("_van") < pl.col("_naar"))
    back = handovers.select(_van="_naar", _naar="_van", most="number")
    both = there.drop("most").join(back, on=_PAIR, how="inner", maintain_order="left")
    number = (pl.min_horizontal(pl.col("number"), pl.col("most")) * pl.col("back")).floor().cast(pl.Int64)
    counted = pl.col("number").is_not_null() & pl.col("most").is_not_null() & (number >= _LEAST)
    return both.with_columns(pl.when(counted).then(number).alias("number"))


def _returned(outflow: pl.DataFrame, handovers: pl.DataFrame, returns: pl.DataFrame) -> pl.DataFrame:
    """The outflow with how many of it went back, where the log has the pair: straight, or after more partners."""
    known = handovers.filter(pl.col("number").is_not_null()).select("returning", partner="_van", naar="_naar")
    back = returns.select(partner="_naar", naar="_van", straight=pl.col("number").fill_null(1))
    made = outflow.join(known, on=["partner", "naar"], how="left", maintain_order="left")
    made = made.join(back, on=["partner", "naar"], how="left", maintain_order="left")
    number = pl.col("aantal") * pl.col("returning")
    number = pl.when(number.is_not_null()).then(pl.max_horizontal(number, "straight"))
    made = made.with_columns(_part_of("aantal", number).alias("waarvan_terug"))
    return made.select(_after(outflow.columns, "aantal", "waarvan_terug"))


def _measured(found: Tables, plan: Plan) -> pl.DataFrame:
    """The waits, with for those measured afterwards how many families they are about and who still waits."""
    rng = plan.rng(73)
    made, number = found["wachttijden"], found["wachttijden"].height
    arriving = _moving(found["routes"]).group_by(op="_naar").agg(most=pl.col("aantal_per_jaar").sum())
    entering = found["aanbod"].select(op="id", most=pl.col("instroom_per_jaar").cast(pl.Int64))
    most = made.join(pl.concat([arriving, entering]), on="op", how="left", maintain_order="left")["most"]
    share: Floats = rng.uniform(0.1, 0.5, number)
    families = pl.Series("number", (most * rng.uniform(0.7, 1.0, number)).floor().cast(pl.Int64))
    told = pl.Series((made["meetwijze"] == "retrospectief") & made["weken_mediaan"].is_not_null() & (families >= _LEAST))
    made = made.with_columns(only(told.fill_null(value=False).to_numpy(), families), pl.Series("open", share))
    # with more than four in ten still waiting nobody can say yet when half have had their turn
    later = pl.when(pl.col("open") < 0.4).then(_weeks(pl.col("weken_mediaan") * (1 + 1.5 * pl.col("open"))))
    made = made.with_columns(
        later.alias("weken_mediaan_km"),
        pl.col("number").alias("aantal"),
        _part_of("number", pl.col("number") * pl.col("open")).alias("gecensureerd"),
    )
    return made.select(_after(found["wachttijden"].columns, "weken_p90", "weken_mediaan_km", "aantal", "gecensureerd"))


def _after(columns: list[str], mark: str, *new: str) -> list[str]:
    place = columns.index(mark) + 1
    return [*columns[:place], *new, *columns[place:]]


def _period(plan: Plan) -> tuple[str, str]:
    """The year before, of which the log tells: its first and its last day."""
    year = plan.day.year - 1
    return f"{year}-01-01", f"{year}-12-31"


def _public(frame: pl.DataFrame, plan: Plan, stream: int, **columns: str | pl.Expr) -> pl.DataFrame:
    """The columns of a table that `log` makes, with its period and where it comes from."""
    rng = plan.rng(stream)
    first, last = _period(plan)
    day = date(plan.day.year, 2, 1)
    checked = iso(day, -rng.integers(5, 180, frame.height))
    return frame.select(**{name: pl.col(c) if isinstance(c, str) else c for name, c in columns.items()}).with_columns(
        pl.lit(first).alias("periode_van"),
        pl.lit(last).alias("periode_tm"),
        pl.lit(SOURCE).alias("bron"),
        pl.lit(day.isoformat()).alias("bron_datum"),
        only(chance(rng, 0.35, frame.height), checked).alias("geverifieerd_op"),
        pl.when(pl.col("aantal").is_null()).then(pl.lit(_UNCOUNTED)).alias("opmerking"),
    )
