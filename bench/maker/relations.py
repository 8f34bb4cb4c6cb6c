"""Lines between partners, agreements, and where families go on to after a partner (uitstroom)."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from draw import chance, choice, iso, only, provenance, table
from plan import ANCHOR, Plan

_STRENGTHS: Final = ("kennen", "samenwerken", "afstemmen", "integreren")
_MEETINGS: Final = (
    None,
    "elke zes weken casusoverleg zonder namen",
    "twee keer per jaar een werklunch",
    "elke maand in het ondersteuningsteam",
    "bellen als het nodig is",
    "elk kwartaal aan de regiotafel",
)
_PROVIDERS: Final = ("soj", "gemeente", "lokaal-team", "jeugdhulp", "jggz", "crisis", "jgz", "welzijn")
_OUTCOMES: Final = ("hulp", "uitval", "onbekend")


def lines(pairs: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The table of lines: pairs that refer to each other and are said to know each other."""
    rng = plan.rng(40)
    ends = pairs.select(
        pl.min_horizontal("_van", "_naar").alias("a"),
        pl.max_horizontal("_van", "_naar").alias("b"),
        "_van",
        "_naar",
    )
    ends = ends.unique(["a", "b"], keep="first", maintain_order=True)
    number = min(plan.lines, ends.height)
    chosen = np.sort(rng.permutation(ends.height)[:number])
    strength = choice(rng, _STRENGTHS, number, [38, 38, 18, 6])
    years = rng.integers(2012, ANCHOR.year - 1, number).astype(str)
    months = np.char.add(np.char.add(years, "-"), np.char.zfill(rng.integers(1, 13, number).astype(str), 2))
    since = np.where(chance(rng, 0.5, number), years, months)
    made = ends[chosen].select(
        pl.col("_van").alias("van"),
        pl.col("_naar").alias("naar"),
        strength.alias("sterkte"),
        choice(rng, ["ja", "nee", None], number, [4, 3, 3]).alias("vast_aanspreekpunt"),
        choice(rng, _MEETINGS, number, [4, 2, 1, 2, 2, 1]).alias("overleg"),
        only(chance(rng, 0.6, number), pl.Series(since)).alias("sinds"),
    )
    return provenance(made, rng, plan.day)


def agreements(pairs: pl.DataFrame, partners: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The table of agreements: the texts of example/afspraken.csv between pairs that they speak of."""
    rng = plan.rng(41)
    kinds = partners.select("id", "_kind", "_code")
    known = pairs.select("_van", "_naar").unique(maintain_order=True)
    known = known[rng.permutation(known.height)]
    known = known.join(kinds, left_on="_van", right_on="id", maintain_order="left").rename({"_kind": "van", "_code": "gemeente"})
    known = known.join(kinds.drop("_code"), left_on="_naar", right_on="id", maintain_order="left").rename({"_kind": "naar"})
    texts = table("example/afspraken.csv")
    made = texts.join(known, on=["van", "naar"], maintain_order="left_right")
    made = made.with_columns(pl.int_range(pl.len()).over("van", "naar", "wat").alias("n")).filter(pl.col("n") < 3)
    number = made.height
    coming = only(
        (made["status"].is_in(["afgesproken", "loopt"])).to_numpy() & chance(rng, 0.7, number),
        iso(ANCHOR, -rng.integers(-40, 240, number)),
    )
    made = made.select(
        pl.format("F{}", pl.int_range(1, number + 1).cast(pl.String).str.zfill(3)).alias("id"),
        pl.format("{};{}", "_van", "_naar").alias("partners"),
        pl.when(pl.col("n") == 0).then(pl.lit("regio")).otherwise("gemeente").alias("gemeenten"),
        "soort",
        "wat",
        "vanaf_weken",
        "eigenaar",
        "status",
        coming.alias("evalueren_op"),
    )
    return provenance(made, rng, plan.day)


def outflow(routes: pl.DataFrame, partners: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The table of outflow: per provider to at most three partners, to help, drop-out and unknown."""
    rng = plan.rng(42)
    who = partners.filter(pl.col("_kind").is_in(_PROVIDERS)).select(_van="id")
    onward = routes.filter(pl.col("_naar").str.starts_with("P")).select("_van", naar="_naar").unique(maintain_order=True)
    onward = onward.join(who, on="_van", how="semi", maintain_order="left")
    onward = onward.filter(pl.int_range(pl.len()).over("_van") < 3)
    ends = who.join(pl.DataFrame({"naar": list(_OUTCOMES)}), how="cross", maintain_order="left_right")
    made = pl.concat([onward, ends]).sort("_van", maintain_order=True)
    number = made.height
    size = np.maximum(1, rng.lognormal(2.7, 0.8, number)).astype(np.int64)
    helped = (made["naar"] == "hulp").to_numpy()
    dropped = made["naar"].is_in(["uitval", "onbekend"]).to_numpy()
    size = np.where(helped, size * 4, np.where(dropped, np.maximum(1, size // 2), size))
    made = made.select(
        pl.col("_van").alias("partner"),
        "naar",
        pl.Series(size).alias("aantal"),
        pl.lit(plan.day.year - 1).alias("jaar"),
    )
    return provenance(made, rng, plan.day)
