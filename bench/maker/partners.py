"""Partners: how many of each kind where, what they are called and whose inhabitants they serve."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from draw import allocate, chance, choice, provenance, table
from plan import Plan

#: Kinds that serve a part of their region, each its own share of the municipalities.
_PARTLY: Final = ("jeugdhulp", "jggz", "crisis", "politie", "so")
#: Kinds that small municipalities do without: their inhabitants go to a neighbour's.
_SHARED: Final = ("vo", "bibliotheek")
_SHORT: Final = (("gemeente", "Toegang {plaats}"), ("jgz", "JGZ {regio}"), ("veiligheid", "VT {regio}"))
_ALSO: Final = (
    ("soj", "POH-jeugd {plaats};Praktijkondersteuner jeugd {plaats}"),
    ("gemeente", "Jeugdloket {plaats}"),
)


def slots(plan: Plan) -> pl.DataFrame:
    """kind, m (home, null unless local) and r (null for national) of every partner of a benchmark."""
    kinds = table("kinds.csv").with_columns(pl.col("gewicht").cast(pl.Float64))
    rng = plan.rng(1)
    scopes = {scope: kinds.filter(pl.col("bereik") == scope) for scope in ("lokaal", "regionaal", "landelijk")}
    weights = {scope: frame["gewicht"].to_numpy() for scope, frame in scopes.items()}
    local = plan.partners - plan.regions * plan.regional - plan.national
    size = plan.municipalities["inwoners"].to_numpy().astype(float) ** 0.6
    per_municipality = allocate(local, size, least=6)
    rows: list[pl.DataFrame] = []

    def add(scope: str, number: int, m: int | None, r: int | None) -> None:
        noise = rng.uniform(0.75, 1.25, len(weights[scope]))
        # one of every kind in a region; in a municipality its access at least
        counts = allocate(number, weights[scope] * noise, least=int(scope == "regionaal"))
        names = np.repeat(scopes[scope]["kind"].to_numpy(), counts)
        if scope == "lokaal" and "gemeente" not in names:
            names[0] = "gemeente"
        rows.append(pl.DataFrame({"kind": names}).with_columns(pl.lit(m, pl.Int64).alias("m"), pl.lit(r, pl.Int64).alias("r")))

    for m, r in plan.municipalities.select("m", "r").iter_rows():
        add("lokaal", int(per_municipality[m]), m, r)
    for r in range(plan.regions):
        add("regionaal", plan.regional, None, r)
    add("landelijk", plan.national, None, None)
    return pl.concat(rows)


def example_slots(plan: Plan) -> pl.DataFrame:
    """The slots of the example, as written in example/slots.csv."""
    wide = table("example/slots.csv")
    long = wide.unpivot(index="kind", variable_name="code", value_name="aantal").with_columns(pl.col("aantal").cast(pl.Int64))
    homes = plan.municipalities.select("code", "m", "r")
    found = long.join(homes, on="code", how="left", maintain_order="left")
    found = found.with_columns(pl.when(pl.col("code") == "regionaal").then(pl.lit(0, pl.Int64)).otherwise("r").alias("r"))
    return found.select(pl.col("*").repeat_by("aantal").explode()).select("kind", "m", "r")


def members(made: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """(id, m) of every municipality that a regional or local partner serves."""
    rng = plan.rng(2)
    towns = plan.municipalities.select("m", "r")
    local = made.filter(pl.col("_m").is_not_null()).select("id", pl.col("_m").alias("m"))
    regional = made.filter(pl.col("_m").is_null() & pl.col("_r").is_not_null()).select("id", "_kind", "_home", r="_r")
    share = np.where(chance(rng, 0.4, regional.height), 1.0, rng.uniform(0.55, 0.95, regional.height))
    pairs = regional.with_columns(pl.Series("share", share)).join(towns, on="r", maintain_order="left_right")
    drawn = pl.Series("drawn", rng.random(pairs.height))
    keep = ~pl.col("_kind").is_in(_PARTLY) | (drawn < pl.col("share")) | (pl.col("m") == pl.col("_home"))
    found = [local, pairs.filter(keep).select("id", "m")]
    for kind in _SHARED:
        have = made.filter((pl.col("_kind") == kind) & pl.col("_m").is_not_null())
        for m, r in towns.filter(~pl.col("m").is_in(have["_m"].implode())).iter_rows():
            near = have.filter(pl.col("_r") == r)["id"].to_list()
            if near:
                found.append(pl.DataFrame({"id": [near[int(rng.integers(len(near)))]], "m": [m]}))
    return pl.concat(found).unique().sort("id", "m")


def partners(places: pl.DataFrame, plan: Plan) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The table of partners (helping columns begin with _) and who serves which municipality."""
    rng = plan.rng(3)
    number = places.height
    width = max(3, len(str(number)))
    towns = plan.municipalities
    size = towns["inwoners"].to_numpy().astype(float)
    homes = np.zeros(number, np.int64)
    regions = places["r"].fill_null(-1).to_numpy()
    for r in range(-1, plan.regions):
        inside = towns["m"].to_numpy() if r < 0 else towns.filter(pl.col("r") == r)["m"].to_numpy()
        here = np.flatnonzero(regions == r)
        homes[here] = rng.choice(inside, len(here), p=size[inside] / size[inside].sum())
    made = places.select(pl.col("kind").alias("_kind"), pl.col("m").alias("_m"), pl.col("r").alias("_r"))
    made = made.with_columns(
        pl.format("P{}", pl.int_range(1, number + 1).cast(pl.String).str.zfill(width)).alias("id"),
        pl.coalesce("_m", pl.Series(homes)).alias("_home"),
    )
    home = towns.select(pl.col("m").alias("_home"), pl.col("naam").alias("_plaats"), pl.col("regio").alias("_regio"))
    made = made.join(home, on="_home", how="left", maintain_order="left")
    made = made.join(table("kinds.csv").rename({"kind": "_kind"}), on="_kind", how="left", maintain_order="left")
    made = _named(made)
    serving = members(made, plan)
    return provenance(_described(made, serving, plan), rng, plan.day), serving


def _named(made: pl.DataFrame) -> pl.DataFrame:
    """Unique names: from the list of the kind, with place and number only where they are needed."""
    lists = {kind: names.split(";") for kind, names in table("names.csv").iter_rows()}
    pairs = [(kind, n, name) for kind, names in lists.items() for n, name in enumerate(names)]
    vocabulary = pl.DataFrame(pairs, schema=["_kind", "n", "x"], orient="row")
    length = vocabulary.group_by("_kind", maintain_order=True).len("length")
    made = made.join(length, on="_kind", how="left", maintain_order="left").with_columns(
        pl.int_range(pl.len()).over("_kind").alias("running"), pl.len().over("_kind").alias("all")
    )
    made = made.with_columns((pl.col("running") % pl.col("length")).alias("n"))
    made = made.join(vocabulary, on=["_kind", "n"], how="left", maintain_order="left")
    plain = pl.col("patroon").str.replace("{x}", pl.col("x").fill_null(""), literal=True)
    plain = plain.str.replace("{plaats}", pl.col("_plaats"), literal=True).str.replace("{regio}", pl.col("_regio"), literal=True)
    area = pl.when(pl.col("_m").is_null()).then("_regio").otherwise("_plaats")
    said = pl.col("patroon").str.contains("{plaats}", literal=True) | pl.col("patroon").str.contains("{regio}", literal=True)
    scarce = (pl.col("all") > pl.col("length")).fill_null(value=False) & ~said
    made = made.with_columns(pl.when(scarce).then(pl.format("{} {}", plain, area)).otherwise(plain).alias("naam"))
    twin = pl.int_range(pl.len()).over("naam")
    parts = pl.lit(pl.Series(["", " Zuid", " Noord", " West", " Oost", " Centrum", " Buiten"]).implode())
    suffix = pl.when(twin < 7).then(parts.list.get(pl.min_horizontal(twin, 6))).otherwise(pl.format(" {}", twin + 1))
    made = made.with_columns(pl.concat_str("naam", suffix).alias("naam"))
    # two roads to one name ("x 2" and "x" in a town called so) end here
    again = pl.int_range(pl.len()).over("naam")
    return made.with_columns(pl.when(again > 0).then(pl.format("{} ({})", "naam", again + 1)).otherwise("naam").alias("naam"))


def _described(made: pl.DataFrame, serving: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """What a list of partners says of each: where, what for, and how to reach a function."""
    rng = plan.rng(4)
    number = made.height
    towns = plan.municipalities.select("m", "code")
    codes = serving.join(towns, on="m").sort("id", "m").group_by("id", maintain_order=True)
    area = codes.agg(pl.col("code").str.join(";").alias("gemeenten"), pl.len().alias("served"))
    made = made.join(area, on="id", how="left", maintain_order="left").join(
        towns.select(pl.col("m").alias("_home"), pl.col("code").alias("_code")),
        on="_home",
        how="left",
        maintain_order="left",
    )
    whole = (pl.col("served") == towns.height) & (towns.height <= 8)
    area_text = pl.when(pl.col("_r").is_null()).then(pl.lit("landelijk")).when(whole).then(pl.lit("regio")).otherwise("gemeenten")
    slug = pl.col("naam").str.to_lowercase().str.normalize("NFD").str.replace_all(r"[^a-z0-9 -]", "")
    slug = slug.str.replace_all(r"[ -]+", "-").str.strip_chars("-")

    def by_kind(texts: tuple[tuple[str, str], ...]) -> pl.Expr:
        mapped = pl.col("_kind").replace_strict(dict(texts), default=None, return_dtype=pl.String)
        mapped = mapped.str.replace_all("{plaats}", pl.col("_plaats"), literal=True)
        return mapped.str.replace_all("{regio}", pl.col("_regio"), literal=True)

    first = pl.col("naam").is_first_distinct() & (pl.int_range(pl.len()).over("_kind", "_home") == 0)
    team = made.filter(pl.col("_kind") == "gemeente").select("_m", pl.col("id").alias("parent"))
    made = made.join(team.unique("_m", keep="first", maintain_order=True), on="_m", how="left", maintain_order="left")
    reached = pl.Series(~chance(rng, 0.12, number))
    site = pl.Series(~chance(rng, 0.3, number))
    return made.select(
        "id",
        "naam",
        pl.when(first).then(by_kind(_SHORT)).alias("korte_naam"),
        pl.when(first).then(by_kind(_ALSO)).alias("andere_namen"),
        "rollen",
        area_text.alias("gemeenten"),
        pl.when(pl.col("_r").is_not_null()).then("_code").alias("vestigingen"),
        pl.when(pl.col("_kind") == "lokaal-team").then("parent").alias("onderdeel_van"),
        pl.col("waarvoor").alias("waarvoor_benaderen"),
        "niet_voor",
        pl.when(site).then(pl.format("https://www.{}.example", slug)).alias("website"),
        pl.when(reached).then(pl.format("{}@{}.example", "postbus", slug)).alias("contact"),
        pl.when(reached).then("aanspreekpunt").alias("aanspreekpunt"),
        choice(rng, [None, "Wij herkennen dit beeld en praten er graag over verder."], number, [97, 3]).alias("reactie"),
        "_kind",
        "_m",
        "_r",
        "_home",
        "_code",
    )
