"""Offerings: every partner draws some of the templates of its kind (templates.csv)."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from draw import allocate, chance, choice, iso, only, provenance, table
from plan import ANCHOR, Plan

#: Weeks that help usually lasts, per level; none where people come and go.
_DURATION: Final = (None, (6, 16), (12, 30), (20, 56), (3, 40))
_APPLY: Final = {
    "vrij": ("Loop binnen of bel", "Zelf aanmelden via de website", "Zelf bellen of mailen", None),
    "verwijzing": (
        "Met een verwijzing van huisarts of jeugdarts",
        "Via de verwijzer, samen met het gezin",
        None,
    ),
    "beschikking": ("Via de toegang van de gemeente", "Na een besluit van de gemeente"),
}


def offerings(partners: pl.DataFrame, members: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The table of offerings (helping columns begin with _)."""
    rng = plan.rng(10)
    templates = table("templates.csv").with_columns(pl.int_range(pl.len()).over("kind").alias("t"))
    per_kind = templates.group_by("kind", maintain_order=True).len("length")
    weights = table("kinds.csv").select("kind", pl.col("aanbod").cast(pl.Float64))
    who = partners.select("id", "_kind", "_r", "_m", "_home", "_code").join(
        weights.join(per_kind, on="kind"), left_on="_kind", right_on="kind", how="left", maintain_order="left"
    )
    pull = who["aanbod"].to_numpy() * rng.uniform(0.6, 1.4, who.height)
    counts = allocate(plan.offerings, pull, caps=who["length"].to_numpy().astype(np.int64))
    start = pl.Series("start", rng.integers(0, 1_000, who.height))
    made = who.with_columns(pl.Series("count", counts), start).filter(pl.col("count") > 0)
    made = made.with_columns(pl.int_ranges(0, "count").alias("j")).explode("j")
    made = made.with_columns(((pl.col("start") + pl.col("j")) % pl.col("length")).alias("t"))
    made = made.join(templates, left_on=["_kind", "t"], right_on=["kind", "t"], how="left", maintain_order="left")
    width = max(4, len(str(made.height)))
    made = made.with_columns(
        pl.format("A{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(width)).alias("aanbod_id"),
        _somewhere(made, members, plan, rng).alias("_there"),
    )
    return provenance(_columns(made, plan, rng), rng, plan.day)


def _somewhere(made: pl.DataFrame, members: pl.DataFrame, plan: Plan, rng: np.random.Generator) -> pl.Series:
    """The code of a municipality that the partner serves: where the offering stands."""
    codes = members.join(plan.municipalities.select("m", "code"), on="m").sort("id", "m")
    served = codes.group_by("id", maintain_order=True).agg("code")
    drawn = pl.Series("drawn", rng.integers(0, 1_000_000, made.height))
    found = made.select("id", "_m", "_r", "_code").with_columns(drawn).join(served, on="id", how="left", maintain_order="left")
    other = pl.col("code").list.get(pl.col("drawn") % pl.col("code").list.len(), null_on_oob=True)
    place = pl.when(pl.col("_m").is_not_null()).then("_code").when(pl.col("_r").is_not_null()).then(other)
    return found.select(place.alias("there")).to_series()


def _columns(made: pl.DataFrame, plan: Plan, rng: np.random.Generator) -> pl.DataFrame:
    number = made.height
    level = made["niveau"].cast(pl.Int64).to_numpy()
    low = np.array([0 if d is None else d[0] for d in _DURATION])[level]
    high = np.array([1 if d is None else d[1] for d in _DURATION])[level]
    lasts = rng.integers(low, high)
    long_known = chance(rng, 0.6, number) & (level > 0)
    places = np.maximum(2, rng.lognormal(2.9 - 0.15 * level, 0.7, number)).astype(np.int64)
    places_known = chance(rng, 0.45, number)
    inflow = np.maximum(1, places * 52 / np.maximum(lasts, 1) * rng.uniform(0.6, 1.0, number)).astype(np.int64)
    inflow_known = long_known & places_known & chance(rng, 0.8, number)
    online = made["plek"].str.contains("online").to_numpy()
    home = (made["plek"] == "thuis").to_numpy()
    stands = ~online & ~home
    part = chance(rng, 0.08, number) & (made["_m"].is_null() & made["_r"].is_not_null()).to_numpy()
    loose = chance(rng, 0.03, number) & (level == 0) & made["_m"].is_not_null().to_numpy()
    through = chance(rng, 0.3, number) & (made["tot"].cast(pl.Float64) % 1 == 0).fill_null(value=False).to_numpy()
    until = made["tot"].cast(pl.Float64)
    far = pl.Series(made["plek"] == "online")
    apply = pl.select(pl.when(far).then(pl.lit("Via de website")).otherwise(_by_access(made["toegang"], rng))).to_series()
    free = made["toegang"] == "vrij"
    prices = ["gratis", "eigen bijdrage 2 euro per keer", "gratis met de meedoenregeling", None]
    costs = pl.select(
        pl.when(free)
        .then(choice(rng, prices, number, [6, 1, 1, 2]))
        .otherwise(choice(rng, ["geen eigen bijdrage", None], number, [3, 2]))
    ).to_series()
    started = chance(rng, 0.15, number)
    ends = chance(rng, 0.04, number)
    ending = np.where(chance(rng, 0.5, number), rng.integers(20, 200, number), -rng.integers(60, 500, number))
    return made.with_columns(
        pl.when(pl.Series(loose)).then(None).otherwise("id").alias("partner"),
        pl.when(pl.Series(loose | part)).then("_there").alias("gemeenten"),
        pl.when(pl.Series(stands)).then("_there").alias("vestiging"),
    ).select(
        pl.col("aanbod_id").alias("id"),
        "partner",
        "naam",
        "omschrijving",
        "niveau",
        "themas",
        "doelgroep",
        pl.col("van").str.replace(".", ",", literal=True).alias("leeftijd_van"),
        only(~through, until.cast(pl.String).str.strip_suffix(".0").str.replace(".", ",", literal=True)).alias("leeftijd_tot"),
        only(through, (until - 1).cast(pl.Int64).cast(pl.String)).alias("leeftijd_tm"),
        "gemeenten",
        "plek",
        "vestiging",
        "toegang",
        apply.alias("aanmelden"),
        "werkwijzen",
        costs.alias("kosten"),
        only(places_known, pl.Series(places)).alias("capaciteit"),
        only(long_known, pl.Series(lasts)).alias("duur_weken"),
        only(inflow_known, pl.Series(inflow)).alias("instroom_per_jaar"),
        only(started, iso(ANCHOR, rng.integers(200, 2_500, number))).alias("geldig_van"),
        only(ends, iso(ANCHOR, ending)).alias("geldig_tot"),
        "_kind",
        "_m",
        "_r",
        pl.col("id").alias("_partner"),
    )


def _by_access(access: pl.Series, rng: np.random.Generator) -> pl.Series:
    texts = [pl.when(access == name).then(choice(rng, said, access.len())) for name, said in _APPLY.items()]
    return pl.select(pl.coalesce(texts)).to_series()
