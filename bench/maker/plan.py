"""What is to be made: how many rows of what, in which municipalities, on which reference date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

import numpy as np
import polars as pl
from draw import HERE, generator

ANCHOR: Final = date(2026, 9, 1)
"""Lasting dates (valid from, known since) are told from this day, so that editions agree on them."""
REAL: Final = HERE.parent.parent / "ontology" / "municipalities.csv"
_PREFIXES: Final = ("Elver", "Lindel", "Wilger", "Roggen", "Zilver", "Hazel", "Kwarte", "Ooster")
_SUFFIXES: Final = ("voortel", "dammen", "broeken", "laarsen", "meerden", "dijkel")
_REGIONS: Final = ("Vierstromen", "Heuvelzoom", "Merenrand", "Oosterduin")

EXAMPLE_NAME: Final = "voorbeeldregio"
#: The fictional region of the example: code, name, inhabitants, under 18, member from, member until.
EXAMPLE: Final = (
    ("GM9001", "Lindervoort", 91_400, 18_900, "2015", None),
    ("GM9002", "Wilgendam", 38_200, 8_300, "2015", None),
    ("GM9003", "Elzerbroek", 27_900, 6_100, "2015", None),
    ("GM9004", "Roggelaar", 24_600, 5_200, "2015", None),
    ("GM9005", "Zilverveen", 19_300, 4_300, "2016-07", None),
    ("GM9006", "Hazelmeer", 11_600, 2_500, "2015", None),
    ("GM9007", "Kwartelo", 9_400, 2_100, "2019-01-01", None),
    ("GM9008", "Ooievaarsdijk", 6_800, 1_500, "2015", "2028-01-01"),
)


@dataclass(frozen=True)
class Plan:
    """One data folder to make. ``municipalities`` has m (place), code, naam, r (region), regio and sizes.

    ``series`` is the number of current waits; ``waits`` counts their history too.
    """

    name: str
    seed: int
    day: date
    municipalities: pl.DataFrame
    partners: int
    regional: int
    national: int
    offerings: int
    routes: int
    waits: int
    series: int
    lines: int

    def rng(self, stream: int) -> np.random.Generator:
        """The generator of one table."""
        return generator(self.seed, stream)

    @property
    def regions(self) -> int:
        return self.municipalities["r"].n_unique()


#: (partners, per region, national, offerings, routes, waits, current waits, lines)
_SIZES: Final[Mapping[str, tuple[int, ...]]] = MappingProxyType(
    {
        "region": (150, 40, 4, 600, 1_000, 3_000, 400, 250),
        "province": (2_000, 84, 24, 10_000, 20_000, 60_000, 6_000, 4_000),
        "nation": (12_000, 92, 24, 60_000, 150_000, 1_000_000, 40_000, 25_000),
    }
)
SCALES: Final = tuple(_SIZES)


def scale(name: str, seed: int) -> Plan:
    """The plan of a benchmark: region and province are fictional, the nation has all real codes."""
    made = {"region": _region, "province": _province, "nation": _nation}[name]()
    sizes = generator(seed, 0)
    if "inwoners" not in made.columns:
        inhabitants = np.clip(sizes.lognormal(10.4, 0.75, made.height), 4_000, 900_000).astype(np.int64)
        youths = (inhabitants * (0.19 + 0.04 * sizes.random(made.height))).astype(np.int64)
        made = made.with_columns(pl.Series("inwoners", inhabitants), pl.Series("jeugdigen", youths))
    return Plan(name, seed, ANCHOR, made, *_SIZES[name])


def example(year: int) -> Plan:
    """The plan of the example; offerings and routes hold what is new and what is gone, see editions."""
    return Plan(EXAMPLE_NAME, 2026, date(year, 9, 1), _region(), 156, 0, 0, 655, 1_110, 420, 330, 300)


def _region() -> pl.DataFrame:
    columns = ["code", "naam", "inwoners", "jeugdigen", "lid_van", "lid_tot"]
    made = pl.DataFrame(EXAMPLE, schema=columns, orient="row").with_row_index("m")
    return made.with_columns(pl.col("m").cast(pl.Int64), pl.lit(0, pl.Int64).alias("r"), pl.lit(_REGIONS[0]).alias("regio"))


def _province() -> pl.DataFrame:
    names = [p + s for s in _SUFFIXES for p in _PREFIXES]
    number = len(names)
    each = number // len(_REGIONS)
    region = [place // each for place in range(number)]
    return pl.DataFrame(
        {
            "m": range(number),
            "code": [f"GM{9001 + place}" for place in range(number)],
            "naam": names,
            "r": region,
            "regio": [_REGIONS[place] for place in region],
        }
    )


def _nation() -> pl.DataFrame:
    real = pl.read_csv(REAL, infer_schema=False).sort("code").with_row_index("m")
    return real.select(
        pl.col("m").cast(pl.Int64),
        "code",
        "naam",
        (pl.col("veiligheidsregio").rank("dense").cast(pl.Int64) - 1).alias("r"),
        pl.col("veiligheidsregio").alias("regio"),
    )
