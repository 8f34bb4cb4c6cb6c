"""The story of the example: a long way in Elzerbroek, with lighter support near that nobody refers to.

From the huisarts a question about angst en somberheid at 14 goes over the SOJ and the gemeente to the
one clinic that serves Elzerbroek and takes new families. Nothing registered is shorter. The inloop of
the jongerenwerk stands in the same town, free and without a wait; no route or line leads to it.
"""

from __future__ import annotations

from typing import Final

import polars as pl
from draw import provenance, table
from plan import Plan

TOWN: Final = "GM9003"
THEME: Final = "angst-en-somberheid"
INLOOP: Final = f"jongerenwerk {TOWN}"
#: The clinics by their place among the jeugd-ggz: the one of the story, and one with a stop.
OPEN, CLOSED = "jggz 0", "jggz 3"
MOVES_NOBODY: Final = ("consultatie", "overbrugging", "melding")


def who(partners: pl.DataFrame, handle: str) -> list[str]:
    """Ids behind "kind GM9003" (all of that kind there) or "kind 2" (the third of all); else the handle."""
    kind, space, place = handle.partition(" ")
    found = partners.filter(pl.col("_kind") == kind)
    if not space or found.is_empty():
        return [handle]
    if place.isdigit():
        return [found["id"][int(place)]]
    return found.filter(pl.col("_m").is_not_null() & (pl.col("_code") == place))["id"].to_list()


def placed(frame: pl.DataFrame, partners: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """``frame`` with the handles in ``columns`` replaced; one row per partner where there are more."""
    for column in columns:
        handles = frame[column].drop_nulls().unique(maintain_order=True).to_list()
        known = pl.DataFrame(
            {column: handles, "\x00ids": [who(partners, h) for h in handles]},
            schema={column: pl.String, "\x00ids": pl.List(pl.String)},
        )
        frame = frame.join(known, on=column, how="left", maintain_order="left").explode("\x00ids")
        frame = frame.with_columns(pl.col("\x00ids").alias(column)).drop("\x00ids")
    return frame


def areas(partners: pl.DataFrame, members: pl.DataFrame, plan: Plan) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The clinics' areas: two serve the whole region, the others everything but the town of the story."""
    codes = plan.municipalities.select("m", "code")
    clinics = partners.filter(pl.col("_kind") == "jggz")["id"].to_list()
    whole = [*who(partners, OPEN), *who(partners, CLOSED)]
    others = ";".join(codes.filter(pl.col("code") != TOWN)["code"])
    text = pl.when(pl.col("id").is_in(whole)).then(pl.lit("regio")).when(pl.col("id").is_in(clinics)).then(pl.lit(others))
    home = pl.when(pl.col("id").is_in(clinics) & (pl.col("_code") == TOWN)).then(pl.lit("GM9001"))
    inloop = pl.col("id").is_in(who(partners, INLOOP))
    made = partners.with_columns(
        text.otherwise("gemeenten").alias("gemeenten"),
        home.otherwise("vestigingen").alias("vestigingen"),
        home.otherwise("_code").alias("_code"),
        pl.when(inloop).then(pl.lit("Jongerenpunt De Steiger")).otherwise("naam").alias("naam"),
        pl.when(inloop).then(pl.lit("De Steiger")).otherwise("korte_naam").alias("korte_naam"),
        pl.when(inloop).then(pl.lit("https://www.jongerenpunt-de-steiger.example")).otherwise("website").alias("website"),
        pl.when(inloop).then(pl.lit("inloop@jongerenpunt-de-steiger.example")).otherwise("contact").alias("contact"),
        pl.when(inloop).then(pl.lit("teamleider jongerenwerk")).otherwise("aanspreekpunt").alias("aanspreekpunt"),
        pl.when(inloop)
        .then(pl.lit("Wij hebben plek. Loop gerust een keer binnen om kennis te maken."))
        .otherwise("reactie")
        .alias("reactie"),
    )
    pairs = pl.DataFrame({"id": clinics}).join(codes, how="cross").filter(pl.col("id").is_in(whole) | (pl.col("code") != TOWN))
    kept = members.filter(~pl.col("id").is_in(clinics))
    return made, pl.concat([kept, pairs.select("id", "m")]).sort("id", "m")


def offerings(made: pl.DataFrame, partners: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The offerings with those of the story; other light ones for the same question leave the town."""
    clinics = [*who(partners, OPEN), *who(partners, CLOSED)]
    inloop = who(partners, INLOOP)
    here = partners.filter(pl.col("_m").is_not_null() & (pl.col("_code") == TOWN))["id"].to_list()
    theme = pl.col("themas").str.contains(THEME).fill_null(value=False)
    same = theme & pl.col("_partner").is_in(clinics[:1]) & (pl.col("niveau") == "3")
    light = theme & pl.col("_partner").is_in(here) & pl.col("niveau").is_in(["0", "1"])
    kept = made.filter(~(same | light | pl.col("_partner").is_in(inloop)))
    own = placed(table("example/aanbod.csv"), partners, "partner").with_columns(pl.col("partner").alias("_partner"))
    own = own.join(partners.select("_kind", "_m", "_r", _partner="id"), on="_partner", how="left", maintain_order="left")
    numbers = [pl.col(c).cast(made.schema[c]) for c in own.columns if c in made.columns]
    return pl.concat([kept, provenance(own.with_columns(numbers), plan.rng(60), plan.day)], how="diagonal_relaxed")


def routes(made: pl.DataFrame, partners: pl.DataFrame, members: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The routes between partners, so that the way of the story is the only one there is."""
    codes = plan.municipalities.select("m", "code")
    home = codes.filter(pl.col("code") == TOWN)["m"][0]
    serving = members.filter(pl.col("m") == home)["id"].to_list()
    local = partners.filter(pl.col("_m") == home)["id"].to_list()
    first = [*who(partners, f"huisarts {TOWN}"), *who(partners, f"soj {TOWN}")]
    clinics = [*who(partners, OPEN), *who(partners, CLOSED)]
    inloop = who(partners, INLOOP)
    moving = ~pl.col("soort").is_in(MOVES_NOBODY)
    ends_at_clinic = pl.col("_naar").is_in(clinics) & moving
    kept = made.filter(
        ~(moving & pl.col("_van").is_in(first))
        & ~(ends_at_clinic & pl.col("_van").is_in(local))
        & ~pl.col("_van").is_in(inloop)
        & ~pl.col("_naar").is_in(inloop)
    )
    # whoever works in more towns may refer to the clinics elsewhere
    elsewhere = members.join(codes, on="m").filter(pl.col("code") != TOWN).sort("id", "m")
    others = elsewhere.group_by("id", maintain_order=True).agg(pl.col("code").str.join(";").alias("others"))
    kept = kept.join(others, left_on="_van", right_on="id", how="left", maintain_order="left")
    limited = ends_at_clinic & pl.col("_van").is_in(serving)
    kept = kept.with_columns(pl.when(limited).then("others").otherwise("gemeenten").alias("gemeenten")).drop("others")
    own = placed(table("example/routes.csv"), partners, "van", "naar").with_columns(
        pl.col("van").alias("_van"), pl.col("naar").alias("_naar"), pl.col("aantal_per_jaar").cast(pl.Int64)
    )
    own = provenance(own, plan.rng(61), plan.day).with_columns(pl.lit(None, pl.String).alias("id"))
    return pl.concat([kept.clear(), own.select(c for c in kept.columns if c in own.columns), kept], how="diagonal_relaxed")


def waits(made: pl.DataFrame, partners: pl.DataFrame, offered: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """The waits, with those of the story in place of what was drawn for its partners."""
    steps = [
        *who(partners, f"soj {TOWN}"),
        *who(partners, f"gemeente {TOWN}"),
        *who(partners, OPEN),
        *who(partners, CLOSED),
    ]
    theme = pl.col("themas").str.contains(THEME).fill_null(value=False)
    theirs = offered.filter(pl.col("_partner").is_in(steps) & (theme | (pl.col("_kind") != "jggz")))["id"].to_list()
    kept = made.filter(~pl.col("op").is_in([*steps, *theirs, *who(partners, INLOOP)]))
    own = placed(table("example/wachttijden.csv"), partners, "op").filter(pl.col("peildatum") <= plan.day.isoformat())
    numbers = [pl.col(c).cast(made.schema[c]) for c in own.columns]
    own = provenance(own.with_columns(numbers), plan.rng(62), plan.day).with_columns(
        pl.col("peildatum").alias("bron_datum"), pl.lit(None, pl.String).alias("geverifieerd_op")
    )
    return pl.concat([kept, own], how="diagonal_relaxed")
