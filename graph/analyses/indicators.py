"""indicators: how it goes, by the region's own figures, beside the target values that hold there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from ...ontology.concepts import folded, scheme
from ..disclosure import Ledger
from ..landscape import Landscape
from ..waiting import Source
from .common import Frame, Result, assumed_waits, frame
from .norms import FIRST_APPOINTMENT, Norm, Norms

#: First words of units that are a number of people (or of their trajectories).
_PEOPLE: Final = frozenset(
    "aantal gezinnen jeugdigen personen trajecten kinderen jongeren ouders huishoudens inwoners leerlingen clienten mensen"
    " number families youths persons people children parents households inhabitants pupils clients".split()
)
#: Words that make it something else: a rate, or a number of something that is no person.
_NOT_PEOPLE: Final = frozenset(
    "honderd duizend hundred thousand uren dagen weken maanden jaren hours days weeks months years".split()
)
#: What is left of 0 after adding fractions.
_NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the table indicatoren; ``value`` is None where unknown or ``suppressed``.

    ``target`` is the norm or target value of the same unit that holds for the municipality; ``target_applies`` tells
    whether any does, ``other_unit`` that the one that does is in another unit, and so is not shown beside it.
    """

    indicator: str
    municipality: str | None
    district: str | None
    theme: str | None
    year: int | None
    value: float | None
    unit: str | None
    suppressed: bool
    target: Norm | None
    other_unit: bool
    source: Source

    @property
    def target_applies(self) -> bool:
        return self.target is not None or self.other_unit


@dataclass(frozen=True, slots=True)
class Indicators(Result):
    """The answer: figures by name of the municipality, then of the indicator; municipalities are not compared."""

    frame: Frame
    figures: tuple[Figure, ...]
    threshold: int

    def as_dict(self) -> dict[str, Any]:
        """The answer as CONTRACTS §6 names it; ``target`` is in the unit of the figure."""
        return {"indicators": [_as_dict(f) for f in self.figures]}

    def rows(self) -> list[dict[str, Any]]:
        """One row per figure, with the year, kind and source of its target."""
        return [
            {
                "indicator": f.indicator,
                "municipality": f.municipality,
                "district": f.district,
                "theme": f.theme,
                "year": f.year,
                "value": f.value,
                "suppressed": f.suppressed,
                "unit": f.unit,
                "target": f.target.value if f.target else None,
                "target_year": f.target.year if f.target else None,
                "target_applies": f.target_applies,
                "target_norm": f.target.id if f.target else None,
                "source": f"{f.source.file}{f' [{f.source.sheet}]' if f.source.sheet else ''}:{f.source.row}",
            }
            for f in self.figures
        ]


def _as_dict(f: Figure) -> dict[str, Any]:
    found: dict[str, Any] = {
        "indicator": f.indicator,
        "municipality": f.municipality,
        "district": f.district,
        "theme": f.theme,
        "year": f.year,
        "value": f.value,
        "unit": f.unit,
        "target": f.target.value if f.target else None,
        "target_applies": f.target_applies,
        "source": asdict(f.source),
    }
    return found | {"suppressed": True} if f.suppressed else found


def indicators(
    landscape: Landscape,
    municipalities: Collection[str] = (),
    themes: Collection[str] = (),
    *,
    internal: bool = False,
) -> Indicators:
    """The figures of the region, only those of ``municipalities`` (codes) and about ``themes`` (slugs) where given.

    A figure is about a theme when it carries that theme, a narrower or a broader one. Beside it stands the value of the
    norm whose soort is the name of the indicator (but for case, accents and punctuation), in the same unit, that holds
    for everybody in its municipality (:meth:`.norms.Norms.for_municipality`: a municipality's own goes before one
    of its region). Where an indicator is told per theme, a norm is about the figure without a theme only; a norm that is
    a number of people is about the whole municipality, not about a district.

    A value that is a number of people is private below the threshold (settings.threshold), with what would give it back
    from the whole of its districts, themes or municipalities (:class:`~routekaart.graph.disclosure.Ledger`);
    ``internal`` shows all.
    """
    every = landscape["indicators"].to_dicts()
    targets = _Targets(landscape, every)
    hidden = frozenset() if internal else _hidden(every, landscape.settings.threshold)
    names = landscape.municipality_names
    order = {theme: n for n, theme in enumerate(landscape.themes.slugs)}

    def place(f: Figure) -> tuple[Any, ...]:
        return (
            f.municipality is None,
            names.get(f.municipality or "", f.municipality or "").casefold(),
            f.indicator.casefold(),
            order.get(f.theme, len(order)) if f.theme else -1,
            f.district or "",
            f.unit or "",
            f.year or 0,
            f.source.id,
        )

    figures = [
        _figure(row, targets, row["id"] in hidden)
        for row in every
        if (not municipalities or row["municipality"] in municipalities) and _about(landscape, row["theme"], themes)
    ]
    return Indicators(
        frame(landscape, "indicators", (), assumed_waits(landscape, ())),
        tuple(sorted(figures, key=place)),
        landscape.settings.threshold,
    )


def _figure(row: Mapping[str, Any], targets: _Targets, hidden: bool) -> Figure:
    target, other_unit = targets.of(row)
    return Figure(
        row["indicator"],
        row["municipality"],
        row["district"],
        row["theme"],
        row["year"],
        None if hidden else row["value"],
        row["unit"],
        hidden,
        target,
        other_unit,
        Source.of("indicators", row),
    )


def _about(landscape: Landscape, theme: str | None, asked: Collection[str]) -> bool:
    """Whether a figure on ``theme`` is about any theme that is asked."""
    if not asked:
        return True
    if theme is None:
        return False
    broader = landscape.themes.with_broader(theme)
    return any(a in broader or theme in landscape.themes.with_broader(a) for a in asked)


class _Targets:
    """The target values beside figures, looked up once per indicator, unit and municipality."""

    def __init__(self, landscape: Landscape, every: Iterable[Mapping[str, Any]]) -> None:
        self._landscape = landscape
        self._all = Norms(landscape)
        self._by_unit: dict[str, Norms] = {}
        self._found: dict[tuple[str, str, str], tuple[Norm | None, bool]] = {}
        self._themes: dict[str, set[str | None]] = defaultdict(set)
        for row in every:
            self._themes[folded(row["indicator"])].add(row["theme"])

    def of(self, row: Mapping[str, Any]) -> tuple[Norm | None, bool]:
        """(the target value, whether there is one in another unit only) for a row of the table."""
        indicator, code = folded(row["indicator"]), row["municipality"]
        of_a_part = row["theme"] is not None and len(self._themes[indicator]) > 1
        of_a_part |= row["district"] is not None and is_people(row["indicator"], row["unit"])
        if code is None or of_a_part:
            return None, False
        unit = folded(row["unit"] or "")
        key = (indicator, unit, code)
        if key not in self._found:
            same = self._in_unit(unit).for_municipality(row["indicator"], code)
            any_unit = self._all.for_municipality(row["indicator"], code)
            self._found[key] = same, same is None and any_unit is not None
        return self._found[key]

    def _in_unit(self, unit: str) -> Norms:
        """The norms in one unit (folded)."""
        if unit not in self._by_unit:
            norms = self._landscape["norms"]
            same = [_fits(norm, unit) for norm in norms.iter_rows(named=True)]
            frames = {**self._landscape.frames, "norms": norms.filter(pl.Series(same, dtype=pl.Boolean))}
            self._by_unit[unit] = Norms(Landscape(MappingProxyType(frames)))
        return self._by_unit[unit]


def _fits(norm: Mapping[str, Any], unit: str) -> bool:
    """Whether a norm is in ``unit`` (folded).

    routekaart.toml has no place for a unit: its target values are in weeks where they are about a time (as they
    are read), and else in the unit of the indicator that they name.
    """
    if (norm["file"] or "").endswith(".toml"):
        kind = norm["kind"] or ""
        if scheme("wait-kind").find(kind) is None and folded(kind) != folded(FIRST_APPOINTMENT):
            return True
    return bool(unit) and folded(norm["unit"] or "") == unit


def is_people(indicator: str, unit: str | None) -> bool:
    """Whether a figure is a number of people: by its unit, or by the name of the indicator where no unit is given.

    >>> [is_people("jeugdhulp", unit) for unit in ("aantal gezinnen", "jeugdigen per 1.000", "aantal weken")]
    [True, False, False]
    """
    text = indicator if unit is None else unit
    words = [folded(word) for word in text.split()]
    other = any(ch.isdigit() for ch in text) or bool(_NOT_PEOPLE.intersection(words))
    return bool(words) and words[0] in _PEOPLE and not other


def _hidden(every: Sequence[Mapping[str, Any]], threshold: int) -> frozenset[str]:
    """The ids of figures that must not be shown: small numbers of people, and what would give them back."""
    counts = [row for row in every if row["value"] is not None and row["value"] >= 0 and is_people(row["indicator"], row["unit"])]
    ledger = Ledger(threshold)
    for row in counts:
        ledger.add(row["id"], row["value"])
    for part in ("district", "theme", "municipality"):
        _add_up(ledger, counts, part)
    return frozenset(str(key) for key in ledger.hidden())


def _add_up(ledger: Ledger, counts: Sequence[Mapping[str, Any]], part: str) -> None:
    """State that the figure without ``part`` holds those of each part: districts, themes, municipalities.

    Parts need not be all there is (a rest that is not printed) and may overlap (then they tell nothing of the whole).
    """
    same = [c for c in ("indicator", "municipality", "district", "theme", "year", "unit") if c != part]
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for row in counts:
        groups[tuple(folded(v) if isinstance(v, str) else v for v in (row[c] for c in same))].append(row)
    for group in groups.values():
        whole = [row for row in group if row[part] is None]
        parts = [row for row in group if row[part] is not None]
        if len(whole) != 1 or not parts:
            continue
        rest = whole[0]["value"] - sum(row["value"] for row in parts)
        if rest < -_NOTHING:
            continue
        key = (whole[0]["id"], part)
        ledger.add(key, max(rest, 0.0), printed=False)
        ledger.equals(whole[0]["id"], [*(row["id"] for row in parts), key])
