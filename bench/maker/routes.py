"""Routes: pairs of partners that serve a common municipality, by the rules of rules.csv."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from draw import chance, choice, iso, only, provenance, table
from plan import ANCHOR, EXAMPLE_NAME, Plan

_AGES: Final = ((0, 4), (0, 12), (4, 12), (8, 18), (12, 18), (0, 18), (12, 23))
_THEMES: Final = (
    "slapen-en-eten",
    "druk-gedrag",
    "boosheid-en-grenzen",
    "angst-en-somberheid",
    "vriendschap-en-pesten",
    "leren-en-school",
    "taal-en-ontwikkeling",
    "scheiding",
    "opvoeden",
    "eigen-stress-van-ouders;geldzorgen",
    "eenzaamheid-en-netwerk",
    "adhd;autisme",
    "lvb;beperking",
)


def candidates(partners: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Every pair that a rule allows in some municipality: van, naar, soort … and the places in common."""
    who = members.join(partners.select("id", "_kind"), on="id", how="left", maintain_order="left").sort("id", "m")
    rules = table("rules.csv").with_columns(pl.col("gewicht").cast(pl.Float64)).with_row_index("regel")
    sides = [
        who.rename({"id": side, "_kind": kind}).select("m", side, kind) for side, kind in (("_van", "van"), ("_naar", "naar"))
    ]
    pairs = rules.join(sides[0], on="van", how="inner", maintain_order="left_right")
    pairs = pairs.join(sides[1], on=["naar", "m"], how="inner", maintain_order="left_right")
    common = pairs.group_by("regel", "_van", "_naar").agg(pl.col("m").sort(), pl.col("soort").first(), pl.col("gewicht").first())
    common = common.sort("regel", "_van", "_naar")
    return common.join(rules.drop("soort", "gewicht"), on="regel", how="left", maintain_order="left")


def sample(pairs: pl.DataFrame, number: int, rng: np.random.Generator) -> pl.DataFrame:
    """``number`` of the pairs, likelier with more weight (Efraimidis & Spirakis 2006), in their own order."""
    key = rng.random(pairs.height) ** (1.0 / pairs["gewicht"].to_numpy())
    chosen = np.sort(np.argsort(-key, kind="stable")[:number])
    return pairs[chosen]


def routes(pairs: pl.DataFrame, offerings: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The table of routes between the sampled ``pairs`` (helping columns begin with _)."""
    rng = plan.rng(21)
    number = pairs.height
    codes = plan.municipalities.sort("m")["code"]
    some = pl.col("m").list.head((pl.col("m").list.len() + 1) // 2)
    named = some.list.eval(pl.element().replace_strict(dict(enumerate(codes)), return_dtype=pl.String))
    half = pairs.select(named.list.join(";")).to_series()
    narrow = chance(rng, 0.15, number) & (pairs["m"].list.len() > 2).to_numpy()
    band = rng.integers(0, len(_AGES), number)
    aged = chance(rng, 0.13, number)
    ages = np.array(_AGES)[band]
    through = chance(rng, 0.35, number)
    pointed = offerings.filter(pl.col("partner").is_not_null()).group_by("partner", maintain_order=True).agg("id")
    drawn = rng.integers(0, 1_000_000, number)
    offered = pairs.select("_naar").join(pointed, left_on="_naar", right_on="partner", how="left", maintain_order="left")
    index = pl.Series(drawn) % offered["id"].list.len()
    target = pl.select(
        pl.when(pl.Series(chance(rng, 0.03, number))).then(offered["id"].list.get(index, null_on_oob=True))
    ).to_series()
    state = rng.random(number)
    per_year = np.clip(rng.lognormal(2.6, 0.95, number), 1, 160).astype(np.int64)
    warm = (pairs["soort"] == "warme-overdracht").to_numpy()
    handover = choice(rng, ["1 week", "2 weken", "5 werkdagen", "3 weken", "10 dagen"], number, [5, 3, 3, 1, 1])
    made = pairs.select(
        pl.col("_van").alias("van"),
        pl.coalesce(target, "_naar").alias("naar"),
        "soort",
        only(narrow, half).alias("gemeenten"),
        only(aged, pl.Series(ages[:, 0])).alias("leeftijd_van"),
        only(aged & ~through, pl.Series(ages[:, 1])).alias("leeftijd_tot"),
        only(aged & through, pl.Series(ages[:, 1] - 1)).alias("leeftijd_tm"),
        only(chance(rng, 0.12, number), choice(rng, _THEMES, number)).alias("themas"),
        pl.coalesce("besluit", only(chance(rng, 0.1, number), choice(rng, ["nee"], number))).alias("besluit_nodig"),
        "grondslag",
        only(np.where(warm, chance(rng, 0.4, number), chance(rng, 0.1, number)), handover).alias("overdracht"),
        only(chance(rng, 0.65, number), pl.Series(per_year)).alias("aantal_per_jaar"),
        "voorwaarden",
        only(
            (state < 0.1) | (state > 0.98),
            iso(ANCHOR, np.where(state < 0.1, 300 + drawn % 2_000, -(30 + drawn % 200))),
        ).alias("geldig_van"),
        only((state > 0.1) & (state < 0.125), iso(ANCHOR, 10 + drawn % 280)).alias("geldig_tot"),
        "_van",
        "_naar",
    )
    made = made.unique(["van", "naar", "soort"], keep="first", maintain_order=True)
    return provenance(numbered(made), rng, plan.day)


def numbered(made: pl.DataFrame, first: int = 1, width: int = 0) -> pl.DataFrame:
    """Ids in the order of the rows."""
    size = width or max(4, len(str(made.height)))
    return made.select(
        pl.format("R{}", pl.int_range(first, first + pl.len()).cast(pl.String).str.zfill(size)).alias("id"),
        pl.all(),
    )


def role_routes(plan: Plan, first: int, width: int) -> pl.DataFrame:
    """What sources say of roles; in the example a row does not hold where "zonder" says so."""
    made = table("role_routes.csv")
    codes = plan.municipalities.sort("m")["code"].to_list()
    left = (
        made["zonder"].drop_nulls().unique(maintain_order=True) if plan.name == EXAMPLE_NAME else pl.Series([], dtype=pl.String)
    )
    areas = {cell: ";".join(c for c in codes if c not in cell.split(";")) for cell in left}
    held = pl.col("zonder").replace_strict(areas, default=None, return_dtype=pl.String)
    made = made.with_columns(held.alias("gemeenten"))
    made = made.with_columns(pl.col("van").alias("_van"), pl.col("naar").alias("_naar"))
    return provenance(numbered(made.drop("zonder"), first, width), plan.rng(22), plan.day)
