"""What may be shown of a log → the project's own tables (graph/schema.py): what a partner hands over, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from ...graph.landscape import Landscape
from ...graph.schema import TABLES
from ...graph.waiting import REGISTRATION, WEEK
from ...ontology.catalogue import text
from ..frames import frame_of, hash_ids
from .codes import OUTCOMES, Codes
from .mapping import Mapping
from .period import years_of
from .protection import Shown

_REGION: Final = "log"
_MEASURED: Final = "retrospectief"
_ROUTE: Final = "verwijzing"
#: The tables that come of a log, also when nothing could be said in them.
LOGGED: Final = ("routes", "waits", "demand", "outflow", "back_and_forth", "handovers")
Row = dict[str, Any]


def landscape_of(shown: Shown, codes: Codes, mapping: Mapping, since: date, until: date, lang: str = "nl") -> Landscape:
    """The tables of a log of ``since`` until and including ``until``, without partners; remarks in ``lang``."""
    return _Tables(shown, codes, mapping, since, until, lang).landscape()


class _Tables:
    def __init__(self, shown: Shown, codes: Codes, mapping: Mapping, since: date, until: date, lang: str) -> None:
        self.shown = shown
        self.codes = codes
        self.mapping = mapping
        self.years = years_of(since, until)
        self.bits = codes.organisations.bits
        self.lang = lang
        self.until = until.isoformat()
        self._made: dict[tuple[int, int | None], Row] = {}
        self._wait: Row = {
            "kind": REGISTRATION,
            "basis": _MEASURED,
            "clock_from": text("log.clock_from", lang),
            "clock_to": text("log.clock_to", lang),
            "as_of": self.until,
        }
        self.source: Row = {"source": mapping.source, "source_date": self.until}
        self.period: Row = {"period_from": since.isoformat(), "period_until": self.until}

    def landscape(self) -> Landscape:
        told = self.shown.tallies
        rows = {
            "routes": list(self._routes()),
            "waits": [*self._waits_of_places(), *self._waits_of_routes()],
            "demand": list(self._demand()),
            "outflow": list(self._outflow()),
            "handovers": [
                {
                    **self._ends_of(pair),
                    "number": families,
                    "weeks_median": _weeks(median),
                    "weeks_p95": _weeks(p95),
                    "stay_weeks_median": _weeks(stay),
                    "stay_weeks_p95": _weeks(stay95),
                    **self.period,
                }
                for pair, families, median, p95, stay, stay95 in told.pairs.select(
                    "pair", "families", "median", "p95", "stay_median", "stay_p95"
                ).iter_rows()
            ],
            "back_and_forth": [
                {
                    **self._ends_of(pair),
                    "number": families,
                    "without_start": unstarted,
                    "weeks_median": _weeks(median),
                    **self.period,
                }
                for pair, families, unstarted, median in told.returns.select(
                    "pair", "families", "unstarted", "median"
                ).iter_rows()
            ],
            "region": [self._region()],
        }
        frames = {}
        for name, found in rows.items():
            frame = frame_of(TABLES[name], [{**self.source, **row} if name != "region" else row for row in found])
            frames[name] = frame.with_columns(hash_ids(frame, TABLES[name])) if TABLES[name].identity else frame
        return Landscape.of(frames)

    def _region(self) -> Row:
        return {
            "id": _REGION,
            "name": self.mapping.source,
            "reference_date": self.until,
            "reference_date_given": True,
            "unit": self.mapping.unit,
            "threshold": self.mapping.threshold,
        }

    # --- rows --------------------------------------------------------------------------------------------
    def _place(self, number: int) -> str:
        return self.codes.organisations.names[number]

    def _ends_of(self, pair: int) -> Row:
        return {"from": self._place(pair >> self.bits), "to": self._place(pair & ((1 << self.bits) - 1))}

    def _cell(self, cell: int) -> Row:
        municipality, age_from, age_until, theme = self.codes.cell(cell)
        return {
            "municipalities": [municipality] if municipality else None,
            "age_from": age_from,
            "age_until": age_until,
            "themes": [theme] if theme else None,
        }

    def _per_year(self, families: int | None) -> int | None:
        # a half goes up: 4.5 a year is shown where 5 is the threshold
        return None if families is None else int(families / self.years + 0.5)

    def _routes(self) -> Iterator[Row]:
        """A row per cell that may be shown, and one for all the others of that pair together."""
        for pair, cell, families in self.shown.tallies.cells.select("pair", "cell", "families").iter_rows():
            yield {**self._route(pair, cell), **self._cell(cell), "per_year": self._per_year(families)}
        for pair, families in self.shown.rest.select("pair", "families").iter_rows():
            yield {
                **self._route(pair, None),
                "per_year": self._per_year(families),
                "remark": text("log.rest_routes" if families is not None else "log.few", self.lang),
            }

    def _route(self, pair: int, cell: int | None) -> Row:
        """What all rows about a route say of it, worked out once: its wait names it too."""
        if (pair, cell) not in self._made:
            self._made[pair, cell] = self._made_route(pair, cell)
        return self._made[pair, cell]

    def _made_route(self, pair: int, cell: int | None) -> Row:
        ends = self._ends_of(pair)
        parts = [ends["from"], ends["to"], *("" if p is None else str(p) for p in (self.codes.cell(cell) if cell else ()))]
        digest = hashlib.blake2b(
            "\x1f".join([self.mapping.source, *parts, "" if cell is None else "cell"]).encode(), digest_size=6
        )
        return {"id": f"LOG-{digest.hexdigest()}", "kind": _ROUTE, **ends}

    def _waits_of_places(self) -> Iterator[Row]:
        told = self.shown.tallies.places.select("place", "families", "waiting", "median", "p90", "median_km")
        for place, families, waiting, median, p90, km in told.iter_rows():
            if median is None and km is None:
                continue
            yield {
                **self._wait,
                "on": [self._place(place)],
                **_medians(median, p90, km),
                "number": families,
                "censored": waiting,
            }

    def _waits_of_routes(self) -> Iterator[Row]:
        told = self.shown.tallies.cells.select("pair", "cell", "families", "median", "p90", "median_km")
        for pair, cell, families, median, p90, km in told.iter_rows():
            if median is None and km is None:
                continue
            yield {
                **self._wait,
                "on": [f"route:{self._route(pair, cell)['id']}"],
                **_medians(median, p90, km),
                "number": families,
            }

    def _demand(self) -> Iterator[Row]:
        """Where families began, by municipality: a row without one cannot be said."""
        year = int(self.until[:4])
        for place, cell, families in self.shown.tallies.entries.select("place", "cell", "families").iter_rows():
            municipality, age_from, age_until, theme = self.codes.cell(cell)
            if municipality:
                yield {
                    "municipality": municipality,
                    "entry": self._place(place),
                    "age_from": age_from,
                    "age_until": age_until,
                    "theme": theme,
                    "per_year": self._per_year(families),
                    "year": year,
                }
        for place, number, families in self.shown.entries_rest.select("place", "municipality", "families").iter_rows():
            if number:
                yield {
                    "municipality": self.codes.municipalities.names[number],
                    "entry": self._place(place),
                    "per_year": self._per_year(families),
                    "year": year,
                    "remark": text("log.rest_demand", self.lang),
                }

    def _outflow(self) -> Iterator[Row]:
        """Of organisations, not of roles: onward and back per year, and where families were last."""
        told = self.shown.tallies
        for pair, year, families, returned in told.onward.select("pair", "year", "families", "returned").iter_rows():
            ends = self._ends_of(pair)
            if _is_partner(ends["from"]):
                yield {"partner": ends["from"], "to": ends["to"], "number": families, "returned": returned, "year": year}
        for place, outcome, year, families in told.ends.select("place", "outcome", "year", "families").iter_rows():
            if _is_partner(self._place(place)):
                yield {
                    "partner": self._place(place),
                    "to": f"uitkomst:{OUTCOMES[outcome]}",
                    "number": families,
                    "year": year,
                }


def _is_partner(endpoint: str) -> bool:
    return not endpoint.startswith(("rol:", "aanbod:"))


def _weeks(days: float | None) -> float | None:
    """Days as weeks, to a tenth: a median of days is no more exact than that."""
    return None if days is None else round(days / WEEK, 1)


def _medians(median: float | None, p90: float | None, km: float | None) -> Row:
    return {"weeks_median": _weeks(median), "weeks_p90": _weeks(p90), "weeks_median_km": _weeks(km)}
