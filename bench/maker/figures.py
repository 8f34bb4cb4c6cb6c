"""Figures of municipalities: the list itself, how many families ask what (vraag), indicators and norms."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from draw import allocate, provenance
from plan import ANCHOR, Plan

#: entry → share of the questions; (age from, until, share); theme → share; share per level.
_ENTRIES: Final = (
    ("rol:huisarts", 0.3, (0, 18)),
    ("rol:school", 0.2, (4, 18)),
    ("rol:gezin", 0.16, (0, 23)),
    ("rol:jgz", 0.13, (0, 18)),
    ("rol:gemeente", 0.07, (0, 18)),
    ("rol:kinderopvang", 0.04, (0, 4)),
    ("rol:welzijn", 0.04, (0, 23)),
    ("rol:jeugdarts", 0.03, (0, 18)),
    ("rol:onderwijs-ondersteuning", 0.03, (4, 18)),
)
_AGES: Final = ((0, 4, 0.2), (4, 12, 0.42), (12, 18, 0.33), (18, 23, 0.05))
#: per theme the share in each age band
_THEMES: Final = (
    ("slapen-en-eten", (0.2, 0.05, 0.02, 0.01)),
    ("druk-gedrag", (0.08, 0.16, 0.06, 0.02)),
    ("boosheid-en-grenzen", (0.12, 0.13, 0.07, 0.02)),
    ("angst-en-somberheid", (0.01, 0.1, 0.24, 0.27)),
    ("vriendschap-en-pesten", (0.0, 0.09, 0.07, 0.0)),
    ("leren-en-school", (0.0, 0.13, 0.12, 0.1)),
    ("taal-en-ontwikkeling", (0.2, 0.05, 0.0, 0.0)),
    ("scheiding", (0.04, 0.07, 0.05, 0.01)),
    ("opvoeden", (0.2, 0.08, 0.06, 0.01)),
    ("eigen-stress-van-ouders", (0.08, 0.04, 0.02, 0.05)),
    ("geldzorgen", (0.02, 0.02, 0.03, 0.16)),
    ("wonen", (0.0, 0.0, 0.01, 0.12)),
    ("eenzaamheid-en-netwerk", (0.01, 0.01, 0.06, 0.12)),
    ("gamen-en-middelen", (0.0, 0.01, 0.07, 0.04)),
    ("identiteit", (0.0, 0.0, 0.05, 0.04)),
    ("rouw", (0.01, 0.02, 0.02, 0.01)),
    ("beperking", (0.02, 0.03, 0.02, 0.01)),
    ("veiligheid", (0.01, 0.01, 0.02, 0.01)),
)
_LEVELS: Final = (0.36, 0.31, 0.19, 0.11, 0.03)
_INDICATORS: Final = (
    ("jeugdigen met individuele jeugdhulp", "procent", 10.0, None),
    ("gezinnen met vrij toegankelijke steun", "procent", 14.0, None),
    ("individuele voorzieningen", "per 1.000 jeugdigen", 96.0, None),
    ("individuele voorzieningen", "per 1.000 jeugdigen", 22.0, "angst-en-somberheid"),
    ("individuele voorzieningen", "per 1.000 jeugdigen", 18.0, "druk-gedrag"),
    ("jongeren die zich eenzaam voelen", "procent", 11.0, "eenzaamheid-en-netwerk"),
    ("ouders die weten waar ze terechtkunnen", "procent", 63.0, "opvoeden"),
    ("langdurig schoolverzuim", "per 1.000 leerlingen", 6.0, "leren-en-school"),
)
_DISTRICTS: Final = ("Centrum", "Noord", "Rivierwijk", "De Hoven")


def municipalities(plan: Plan) -> pl.DataFrame:
    """The table of municipalities."""
    towns = plan.municipalities
    given = [pl.col(c) if c in towns.columns else pl.lit(None, pl.String).alias(c) for c in ("lid_van", "lid_tot")]
    made = towns.select(
        "code",
        "naam",
        pl.lit("Fictieve provincie").alias("provincie"),
        pl.format("Jeugdregio {} (fictief)", "regio").alias("jeugdregio"),
        "inwoners",
        "jeugdigen",
        *given,
    )
    return provenance(made, plan.rng(50), plan.day)


def demand(plan: Plan, least: int = 2) -> pl.DataFrame:
    """The table of demand: one in eight to ten youths a year, most of it light.

    Cells under ``least`` (of light levels) are put with the larger ones, as an editor would.
    """
    rng = plan.rng(51)
    cells = [
        (entry, low, high, theme, level, share * years * asks[band] * _LEVELS[level])
        for entry, share, (first, last) in _ENTRIES
        for band, (low, high, years) in enumerate(_AGES)
        if low >= first and high <= last
        for theme, asks in _THEMES
        if asks[band]
        for level in range(len(_LEVELS))
    ]
    grid = pl.DataFrame(cells, schema=["instap", "leeftijd_van", "tot", "thema", "niveau", "deel"], orient="row")
    weights = grid["deel"].to_numpy()
    floor = np.where(grid["niveau"].to_numpy() > 2, 1, least)
    parts: list[pl.DataFrame] = []
    for code, youths in plan.municipalities.select("code", "jeugdigen").iter_rows():
        asked = int(youths * rng.uniform(1 / 10, 1 / 8))
        local = weights * rng.lognormal(0.0, 0.25, len(weights))
        enough = allocate(asked, local) >= floor
        counts = allocate(asked, np.where(enough, local, 1e-12))
        here = np.flatnonzero(counts)
        parts.append(grid[here].with_columns(pl.lit(code).alias("gemeente"), pl.Series("aantal_per_jaar", counts[here])))
    made = pl.concat(parts)
    through = pl.Series(rng.random(made.height) < 0.3)
    every = pl.Series(rng.random(made.height) < 0.04)
    made = made.select(
        "gemeente",
        "instap",
        "leeftijd_van",
        pl.when(~through).then("tot").alias("leeftijd_tot"),
        pl.when(through).then(pl.col("tot") - 1).alias("leeftijd_tm"),
        "thema",
        pl.when(~every).then("niveau").alias("niveau"),
        "aantal_per_jaar",
        pl.lit(plan.day.year - 1).alias("peiljaar"),
    )
    same = ["gemeente", "instap", "leeftijd_van", "thema"]
    # a row without a level asks every level: it may stand once beside the others
    first = pl.int_range(pl.len()).over(*same, "niveau") == 0
    return provenance(made.filter(first), rng, plan.day)


def indicators(plan: Plan, years: int = 3) -> pl.DataFrame:
    """The table of indicators: per municipality and year, for the largest one also per district."""
    rng = plan.rng(52)
    towns = plan.municipalities.select("code", "inwoners")
    largest = towns.sort("inwoners", descending=True)["code"][0]
    places = [(code, None) for code in towns["code"]] + [(largest, district) for district in _DISTRICTS]
    rows = []
    for code, district in places:
        for name, unit, usual, theme in _INDICATORS if district is None else _INDICATORS[:2]:
            local = usual * rng.lognormal(0.0, 0.14)
            for year in range(ANCHOR.year - years - 1, ANCHOR.year):
                local *= rng.lognormal(0.01, 0.04)
                if not plan.day.year - years <= year < plan.day.year:
                    continue
                rows.append((name, code, district, theme, year, f"{local:.1f}".replace(".", ","), unit))
    columns = ["indicator", "gemeente", "wijk", "thema", "jaar", "waarde", "eenheid"]
    return provenance(pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None), rng, plan.day)


def norms(plan: Plan) -> pl.DataFrame:
    """The table of norms: the Treeknorm for ggz, and target values of the fictional region."""
    region = ";".join(plan.municipalities["code"]) if plan.municipalities.height <= 8 else "landelijk"
    first = plan.municipalities["code"][0]
    rows = [
        ("N01", "aanmeldwachttijd", "4", "weken", "jeugd-ggz", None),
        ("N02", "behandelwachttijd", "10", "weken", "jeugd-ggz", None),
        ("N03", "totaal", "14", "weken", "jeugd-ggz", None),
        ("N04", "tijd tot eerste afspraak", "12", "weken", region, ANCHOR.year + 1),
        ("N05", "besluit", "8", "weken", "gemeente;lokaal-team", None),
        ("N06", "jeugdigen met individuele jeugdhulp", "9", "procent", region, ANCHOR.year + 2),
        ("N07", "gezinnen met vrij toegankelijke steun", "20", "procent", first, ANCHOR.year + 2),
        ("N08", "aanmeldwachttijd", "6", "weken", "soj;lokaal-team", ANCHOR.year + 1),
    ]
    columns = ["id", "soort", "waarde", "eenheid", "geldt_voor", "jaar"]
    return provenance(pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None), plan.rng(53), plan.day)
