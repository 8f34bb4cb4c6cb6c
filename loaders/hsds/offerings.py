"""Services → aanbod: for whom, where, at what cost, and how to apply."""

from __future__ import annotations

from typing import Final

import polars as pl

from . import dangling as links
from .accounts import Statuses
from .concepts import Concepts
from .places import Places
from .records import Records
from .wording import joined, labelled, plain_text

#: maximum_age above this says "no upper limit" (999, 150 …); the oldest age that our tables hold.
OLDEST: Final = 120
_TEXTS: Final = (
    "name",
    "alternate_name",
    "description",
    "application_process",
    "fees_description",
    "fees",
    "eligibility_description",
    "alert",
)
#: Where a service is, by what HSDS says of its location.
_PLACES: Final = {"virtual": "online", "physical": "locatie"}


def offerings(
    records: Records,
    services: pl.DataFrame,
    areas: Places,
    standing: pl.DataFrame,
    concepts: Concepts,
    statuses: Statuses,
) -> pl.DataFrame:
    """A row for each service that is not put apart, under the headers of its source.

    Beside them: its state, and in how many municipalities it is given.
    """
    kept = services.filter(~pl.col("\x00state").is_in(["orphan", "closed"]))
    frame = kept.with_columns(plain_text(c) for c in _TEXTS)
    for below in (
        _eligibility(records, kept, statuses),
        _costs(records, kept, statuses),
        _areas(records, kept, areas, statuses),
        _concepts(concepts, kept, statuses),
        _locations(records, kept, standing, statuses),
    ):
        frame = frame.join(below, on="id", how="left", maintain_order="left")
    statuses.used_ids("taxonomy_term", pl.Series(sorted(concepts.used), dtype=pl.String))
    return frame.with_columns(
        _age(pl.coalesce("minimum_age", "\x00minimum")).alias("minimum_age"),
        _age(pl.coalesce("maximum_age", "\x00maximum"), last=True).alias("maximum_age"),
        joined([pl.coalesce("fees_description", "fees"), pl.col("\x00costs")]).alias("fees_description"),
        _date("last_modified"),
        _date("assured_date"),
    ).with_columns(
        joined(
            [
                pl.col("description"),
                labelled("alternate_name", "also_known_as"),
                labelled("eligibility_description", "for_whom"),
                labelled("\x00eligibility", "for_whom"),
                labelled("url", "more_at"),
            ]
        ).alias("description")
    )


def _age(column: pl.Expr, *, last: bool = False) -> pl.Expr:
    """An age as our parser reads it: 12.0 as 12, 2.5 as 2,5 years.

    An oldest age in part years is written in months: it includes that age itself, not the year after it.
    """
    number = column.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    whole = number == number.floor()
    part = (number * 12).floor().cast(pl.Int64).cast(pl.String) + " mnd" if last else column.str.replace(".", ",", literal=True)
    written = pl.when(whole).then(number.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(part)
    read = pl.when(number.is_not_null()).then(written).otherwise(column)
    return pl.when(number > OLDEST).then(None).otherwise(read) if last else read


def _date(column: str) -> pl.Expr:
    """The day of an ISO date or time; anything else stays for our parser."""
    day = pl.col(column).str.extract(r"^(\d{4}-\d{2}-\d{2})(?:[T ].*)?$")
    return pl.coalesce(day, column).alias(column)


def _index(records: Records, table: str) -> pl.DataFrame:
    return records[table].with_row_index("\x00index")


def _eligibility(records: Records, kept: pl.DataFrame, statuses: Statuses) -> pl.DataFrame:
    """What 2.x and Open Referral UK say in the table eligibility: words, and the widest ages."""
    rows = _index(records, "eligibility").filter(pl.col("service_id").is_in(kept["id"].drop_nulls().implode()))
    statuses.used("eligibility", rows["\x00index"])
    numbers = {
        c: pl.col(c).str.replace(",", ".", literal=True).cast(pl.Float64, strict=False) for c in ("minimum_age", "maximum_age")
    }
    # a row without a limit sets none
    widest = {
        "\x00minimum": pl.when(numbers["minimum_age"].null_count() == 0).then(numbers["minimum_age"].min()),
        "\x00maximum": pl.when(numbers["maximum_age"].null_count() == 0).then(numbers["maximum_age"].max()),
    }
    return (
        rows.group_by("service_id", maintain_order=True)
        .agg(
            pl.col("eligibility").drop_nulls().unique(maintain_order=True).str.join(", ").alias("\x00words"),
            *(e.cast(pl.String).alias(name) for name, e in widest.items()),
        )
        .select(
            "\x00minimum",
            "\x00maximum",
            id="service_id",
            **{"\x00eligibility": pl.when(pl.col("\x00words") != "").then("\x00words")},
        )
    )


def _costs(records: Records, kept: pl.DataFrame, statuses: Statuses) -> pl.DataFrame:
    """The cost options of a service, one line each: "Jongeren: 35 EUR per uur (2020-01-01 – 2022-12-31)"."""
    rows = _index(records, "cost_option").filter(pl.col("service_id").is_in(kept["id"].drop_nulls().implode()))
    statuses.used("cost_option", rows["\x00index"])
    price = joined([pl.col("amount"), pl.col("currency").str.to_uppercase(), pl.col("amount_description")], " ")
    line = joined([pl.col("option"), price], ": ")
    valid = pl.when(pl.col("valid_from").is_not_null() | pl.col("valid_to").is_not_null()).then(
        pl.lit("(") + pl.col("valid_from").fill_null("") + pl.lit(" – ") + pl.col("valid_to").fill_null("") + pl.lit(")")
    )
    lines = rows.select(joined([line, valid], " ").alias("line"), id="service_id").drop_nulls()
    return lines.group_by("id", maintain_order=True).agg(
        pl.col("line").unique(maintain_order=True).str.join("\n").alias("\x00costs")
    )


def _areas(records: Records, kept: pl.DataFrame, areas: Places, statuses: Statuses) -> pl.DataFrame:
    """The municipalities of a service; an area that names none leaves it unknown and is counted."""
    at = links.pairs(records["service_at_location"], "id", "service_id")
    rows = _index(records, "service_area")
    through = pl.col("service_at_location_id").replace_strict(at, default=None, return_dtype=pl.String)
    rows = rows.with_columns(pl.coalesce("service_id", through).alias("service_id"))
    rows = rows.filter(pl.col("service_id").is_in(kept["id"].drop_nulls().implode()))
    codes: list[list[str]] = []
    for name, extent, kind, uri, description in rows.select("name", "extent", "extent_type", "uri", "description").iter_rows():
        texts = [name, uri, extent if kind in (None, "text") else None, description]
        found = next(filter(None, (areas.codes(t) for t in texts)), ())
        codes.append(list(found))
        if not found:
            areas.unknown[next(filter(None, texts), "")] += 1
    rows = rows.with_columns(pl.Series("codes", codes, dtype=pl.List(pl.String))).filter(pl.col("codes").list.len() > 0)
    statuses.used("service_area", rows["\x00index"])
    return (
        rows.group_by("service_id")
        .agg(pl.col("codes").explode().unique().sort())
        .select(pl.col("codes").list.join("; ").alias("service_areas"), id="service_id")
    )


def _concepts(concepts: Concepts, kept: pl.DataFrame, statuses: Statuses) -> pl.DataFrame:
    """Themes, methods and audiences of a service."""
    rows = concepts.of_services().filter(pl.col("service_id").is_in(kept["id"].drop_nulls().implode()))
    statuses.used("attribute", rows["index"])
    made = kept.select("id").unique().drop_nulls()
    for scheme in ("theme", "method", "audience"):
        own = rows.filter(pl.col("scheme") == scheme).group_by("service_id").agg(pl.col("slug").unique().sort())
        column = pl.col("slug").list.join("; ").alias(f"attributes.{scheme}")
        made = made.join(own.select(column, id="service_id"), on="id", how="left")
    return made


def _locations(records: Records, kept: pl.DataFrame, standing: pl.DataFrame, statuses: Statuses) -> pl.DataFrame:
    """Where a service is given: online or at a location, and the municipality where that is only one."""
    rows = _index(records, "service_at_location").filter(
        pl.col("service_id").is_in(kept["id"].drop_nulls().implode())
        & pl.col("location_id").is_in(records["location"]["id"].drop_nulls().implode())
    )
    statuses.used("service_at_location", rows["\x00index"])
    statuses.used_ids("location", rows["location_id"])
    kinds = records["location"].unique("id", keep="first", maintain_order=True).select("id", "location_type")
    at = rows.select("service_id", "location_id").join(kinds, left_on="location_id", right_on="id", how="left")
    addressed = records["address"].filter(~links.absent(records, "address", "location_id"))["location_id"].drop_nulls().unique()
    kind = pl.col("location_type").str.to_lowercase().replace_strict(_PLACES, default=None, return_dtype=pl.String)
    # 2.x has no location_type: an address is where one can go
    older = pl.when(pl.col("location_type").is_null() & pl.col("location_id").is_in(addressed.implode())).then(pl.lit("locatie"))
    here = at.join(standing, on="location_id", how="inner")
    statuses.used("address", here["\x00index"])
    towns = here.group_by("service_id").agg(pl.col("codes").explode().unique().sort())
    return (
        at.with_columns(pl.coalesce(kind, older).alias("kind"))
        .group_by("service_id")
        .agg(pl.col("kind").drop_nulls().unique().sort())
        .join(towns, on="service_id", how="left")
        .select(
            pl.when(pl.col("kind").list.len() > 0).then(pl.col("kind").list.join("; ")).alias("locations.location_type"),
            pl.when(pl.col("codes").list.len() == 1).then(pl.col("codes").list.first()).alias("addresses.city"),
            pl.col("codes").list.len().alias("\x00several"),
            id="service_id",
        )
    )
