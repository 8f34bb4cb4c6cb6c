"""Waits: series of measurements on partners, offerings, routes and roles, written as people write them."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from draw import Floats, chance, choice, iso, only, provenance
from plan import Plan

#: kind → (soort, usual weeks, how likely it is registered) of its partners.
_OF_PARTNERS: Final = (
    ("soj", "aanmeldwachttijd", 6.0, 4.0),
    ("gemeente", "aanmeldwachttijd", 5.0, 4.0),
    ("gemeente", "besluit", 6.0, 4.0),
    ("lokaal-team", "aanmeldwachttijd", 5.0, 4.0),
    ("lokaal-team", "besluit", 5.0, 2.6),
    ("jeugdhulp", "aanmeldwachttijd", 13.0, 3.0),
    ("jeugdhulp", "behandelwachttijd", 5.0, 1.7),
    ("jeugdhulp", "totaal", 19.0, 0.9),
    ("jggz", "aanmeldwachttijd", 26.0, 4.0),
    ("jggz", "behandelwachttijd", 9.0, 2.6),
    ("jggz", "totaal", 36.0, 1.2),
    ("crisis", "aanmeldwachttijd", 2.0, 2.6),
    ("gi", "aanmeldwachttijd", 3.0, 2.0),
    ("jgz", "aanmeldwachttijd", 2.0, 3.0),
    ("medisch", "aanmeldwachttijd", 6.0, 3.0),
    ("welzijn", "aanmeldwachttijd", 0.8, 2.6),
    ("naastgezin", "aanmeldwachttijd", 6.0, 3.0),
    ("jongerenwerk", "aanmeldwachttijd", 0.3, 1.8),
    ("informeel", "aanmeldwachttijd", 0.4, 1.2),
    ("vrijwilligers", "aanmeldwachttijd", 4.0, 1.7),
    ("ondersteuning", "aanmeldwachttijd", 4.0, 2.0),
)
#: Usual weeks until a first appointment by kind of partner.
USUAL: Final = {kind: weeks for kind, asked, weeks, _ in _OF_PARTNERS if asked == "aanmeldwachttijd"}
#: level → the same of its offerings.
_OF_OFFERINGS: Final = (
    ("0", "aanmeldwachttijd", 0.2, 0.7),
    ("1", "aanmeldwachttijd", 1.2, 0.9),
    ("2", "aanmeldwachttijd", 7.0, 1.3),
    ("3", "aanmeldwachttijd", 22.0, 1.7),
    ("3", "behandelwachttijd", 8.0, 0.7),
    ("4", "aanmeldwachttijd", 6.0, 1.2),
)
_ROLES: Final = (("rol:soj", 7.0), ("rol:gemeente", 6.0), ("rol:jeugdhulp", 14.0), ("rol:jeugd-ggz", 27.0))
_THEMES: Final = (
    ("adhd", 1.2),
    ("autisme", 1.3),
    ("angst-en-somberheid", 0.9),
    ("trauma", 1.0),
    ("eetproblemen", 0.7),
)
_STYLES: Final = (
    "weken",
    "reeks",
    "verdeling",
    "langer",
    "korter",
    "maanden",
    "minstens",
    "stop",
    "onbekend",
    "getal",
)
_CLOCKS: Final = {
    "aanmeldwachttijd": ("aanmelding", "eerste gesprek"),
    "behandelwachttijd": ("intake", "start van de behandeling"),
    "totaal": ("aanmelding", "start van de hulp"),
    "besluit": ("melding bij de gemeente", "besluit"),
}
_EMPTY: Final = {"themas": None, "gemeenten": None, "leeftijd_van": None, "leeftijd_tot": None}


def subjects(partners: pl.DataFrame, offerings: pl.DataFrame, routes: pl.DataFrame) -> pl.DataFrame:
    """Everything that could have a series: op, soort, conditions, usual weeks and how likely it is."""
    columns = ["op", "soort", *_EMPTY, "weken", "gewicht", "_kind"]

    def shaped(frame: pl.DataFrame) -> pl.DataFrame:
        missing = [pl.lit(None, pl.String).alias(c) for c in (*_EMPTY, "_kind") if c not in frame.columns]
        return frame.with_columns(missing).select(columns)

    kinds = pl.DataFrame(_OF_PARTNERS, schema=["_kind", "soort", "weken", "gewicht"], orient="row")
    levels = pl.DataFrame(_OF_OFFERINGS, schema=["niveau", "soort", "weken", "gewicht"], orient="row")
    of_partners = partners.select("id", "_kind").join(kinds, on="_kind", maintain_order="left_right").with_columns(op="id")
    of_offerings = offerings.select("id", "niveau").join(levels, on="niveau", maintain_order="left_right").with_columns(op="id")
    clinics = partners.filter(pl.col("_kind") == "jggz").select("_kind", "_code", op="id")
    themes = pl.DataFrame(_THEMES, schema=["themas", "factor"], orient="row")
    themed = clinics.join(themes, how="cross", maintain_order="left_right").with_columns(
        soort=pl.lit("aanmeldwachttijd"), weken=26.0 * pl.col("factor"), gewicht=pl.lit(2.0)
    )
    young = clinics.with_columns(
        soort=pl.lit("aanmeldwachttijd"), weken=pl.lit(12.0), gewicht=pl.lit(1.5), leeftijd_tot=pl.lit("6")
    )
    here = (
        partners.filter(pl.col("_kind") == "jeugdhulp")
        .select("id", "_code")
        .with_columns(
            op="id",
            soort=pl.lit("aanmeldwachttijd"),
            weken=pl.lit(12.0),
            gewicht=pl.lit(1.0),
            gemeenten="_code",
        )
    )
    to_clinic = routes.join(clinics.select(_naar="op"), on="_naar", how="semi", maintain_order="left").select(
        op="id", soort=pl.lit("aanmeldwachttijd"), weken=pl.lit(24.0), gewicht=pl.lit(0.5)
    )
    roles = pl.DataFrame(_ROLES, schema=["op", "weken"], orient="row").with_columns(
        soort=pl.lit("aanmeldwachttijd"), gewicht=pl.lit(9.0)
    )
    parts = (of_partners, of_offerings, themed, young, here, to_clinic, roles)
    return pl.concat([shaped(part) for part in parts])


def waits(pool: pl.DataFrame, plan: Plan, year: int = 0) -> pl.DataFrame:
    """The table of waits: the likeliest ``plan.series`` of the pool, each with its history.

    ``year`` shifts the values only, so that two editions tell of the same series.
    """
    rng = plan.rng(30)
    score = pool["gewicht"].to_numpy() + rng.gumbel(0.0, 0.6, pool.height)
    series = pool[np.sort(np.argsort(-score, kind="stable")[: plan.series])]
    number = series.height
    undated = chance(rng, 0.03, number)
    share = np.where(undated, 0.0, rng.gamma(4.0, 1.0, number))
    counts = 1 + rng.multinomial(plan.waits - number, share / share.sum())
    old = chance(rng, 0.1, number)
    lag = np.where(old, rng.integers(740, 1_600, number), rng.integers(3, 240, number))
    step = rng.integers(28, 62, number)
    base = series["weken"].to_numpy() * rng.lognormal(0.0, 0.45, number)
    style = _styles(series, base, rng)
    row = np.repeat(np.arange(number), counts)
    place = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    drift = np.exp(rng.normal(0.0, 0.13, len(row)) - 0.012 * place)
    other = plan.rng(30 + year) if year else None
    change = 1.0 if other is None else np.exp(other.normal(-0.12, 0.22, number))[row]
    made = series[row].select("op", "soort", "themas", "leeftijd_van", "leeftijd_tot", "gemeenten")
    clock = chance(rng, 0.35, number)[row]
    asked = choice(rng, ["retrospectief", "prospectief", "schatting", None], number, [3, 3, 2, 3])[row]
    written = _written(base[row] * drift * change, style[row], place == 0, rng)
    starts, ends = (made["soort"].replace_strict({k: v[n] for k, v in _CLOCKS.items()}, return_dtype=pl.String) for n in (0, 1))
    dated = iso(plan.day, lag[row] + place * step[row])
    until = made["leeftijd_tot"]
    through = chance(rng, 0.4, number)[row]
    made = made.select(
        "op",
        "soort",
        *written,
        "themas",
        "leeftijd_van",
        only(~through, until).alias("leeftijd_tot"),
        only(through, (until.cast(pl.Int64) - 1).cast(pl.String)).alias("leeftijd_tm"),
        "gemeenten",
        asked.alias("meetwijze"),
        only(clock, starts).alias("klok_van"),
        only(clock, ends).alias("klok_tot"),
        only(~undated[row], dated).alias("peildatum"),
    )
    made = provenance(made, rng, plan.day)
    # a figure is written down on the day it was measured, or soon after
    made = made.with_columns(pl.coalesce("peildatum", "bron_datum").alias("bron_datum"))
    later = pl.col("geverifieerd_op") >= pl.col("bron_datum")
    return made.with_columns(pl.when(later).then("geverifieerd_op").alias("geverifieerd_op"))


def _styles(series: pl.DataFrame, base: Floats, rng: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """How each series is written; a stop only where the waits are long."""
    number = series.height
    style = rng.choice(len(_STYLES), number, p=[0.36, 0.19, 0.13, 0.05, 0.05, 0.07, 0.02, 0.05, 0.05, 0.03])
    specialist = (series["weken"] > 10).to_numpy()
    plain = (style == _STYLES.index("stop")) & ~specialist
    short = (base < 8) & np.isin(style, [_STYLES.index("maanden"), _STYLES.index("langer"), _STYLES.index("minstens")])
    style[plain | short | (series["soort"] == "besluit").to_numpy()] = 0
    return style


def _written(weeks: Floats, style: np.ndarray, latest: np.ndarray, rng: np.random.Generator) -> list[pl.Expr]:
    """The columns waarde, weken_min, weken_mediaan and weken_p90."""
    number = len(weeks)
    whole = np.rint(weeks).astype(np.int64)
    spread = np.maximum(1, np.rint(weeks * rng.uniform(0.1, 0.3, number))).astype(np.int64)
    p90 = np.maximum(whole + 1, np.rint(weeks * rng.uniform(1.4, 2.2, number)).astype(np.int64))
    frame = pl.DataFrame(
        {
            "w": whole,
            "low": np.maximum(0, whole - spread),
            "high": whole + spread,
            "months": np.maximum(1, np.rint(weeks / (52 / 12)).astype(np.int64)),
            "p90": p90,
            "style": pl.Series(list(_STYLES)).gather(style),
            "latest": latest,
        }
    )
    word = choice(rng, ["Aanmeldstop", "aanmeldstop", "Cliëntenstop"], number, [6, 2, 1])
    none = choice(rng, ["Geen wachttijd", "geen", "0 weken"], number, [6, 1, 2])
    unknown = choice(rng, ["onbekend", "wisselend", "?"], number, [6, 2, 1])
    tight = pl.when(pl.Series(chance(rng, 0.25, number))).then(pl.format("{}-{} weken", "low", "high"))
    between = tight.otherwise(pl.format("{} - {} weken", "low", "high"))
    style_is = {name: pl.col("style") == name for name in _STYLES}
    plain = pl.when(pl.col("w") == 1).then(pl.lit("1 week")).otherwise(pl.format("{} weken", "w"))
    text = (
        pl.when(style_is["stop"] & pl.col("latest"))
        .then(word)
        .when(style_is["onbekend"])
        .then(unknown)
        .when(style_is["verdeling"] & (pl.col("w") > 1) | style_is["minstens"])
        .then(None)
        .when(pl.col("w") == 0)
        .then(none)
        .when(style_is["reeks"])
        .then(between)
        .when(style_is["langer"] & (pl.col("months") > 2))
        .then(pl.format("> {} maanden", "months"))
        .when(style_is["korter"])
        .then(pl.format("< {} weken", pl.col("w") + 1))
        .when(style_is["maanden"] & (pl.col("months") > 1))
        .then(pl.format("{} maanden", "months"))
        .when(style_is["getal"] & (pl.col("w") > 1))
        .then(pl.format("ca. {} weken", "w"))
        .otherwise(plain)
    )
    spread_known = style_is["verdeling"] & (pl.col("w") > 1)
    made = frame.select(
        text.alias("waarde"),
        pl.when(style_is["minstens"]).then("w").alias("weken_min"),
        pl.when(spread_known).then("w").alias("weken_mediaan"),
        pl.when(spread_known).then("p90").alias("weken_p90"),
    )
    return [pl.lit(made[name]) for name in made.columns]
