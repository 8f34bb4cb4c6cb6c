"""unknowns: which wait to ask for first, against the same question answered by hand with that one wait filled in."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from routekaart.graph.analyses.advising.unknowns import Unknown, unknowns
from routekaart.graph.places import FAMILY
from routekaart.graph.profiles.study import Place, Study
from routekaart.loaders.read import Reading

EDE = "GM0228"
#: The low and the high end of a wait that nobody knows (random_regions: 2–26 weeks; half a week to 8 for a decision).
ENDS = {"aanmeldwachttijd": (14.0, 182.0), "besluit": (3.5, 56.0)}


def by_key(found: tuple[Unknown, ...]) -> dict[tuple[str, str], Unknown]:
    return {(u.node, u.kind): u for u in found}


def supposing(by_hand: ModuleType, node: str, kind: str, days: float) -> type[Any]:
    """The enumeration by hand with one wait that is not known filled in."""

    class Filled(by_hand.ByHand):  # type: ignore[name-defined,misc]
        def wait(self, subjects: list[str]) -> Any:
            found = super().wait(subjects)
            mine = kind == "aanmeldwachttijd" and node in subjects
            return by_hand.Time(days, True) if found and found.assumed and mine else found

        @property
        def decision(self) -> Any:
            found = by_hand.ByHand.decision.func(self)
            return by_hand.Time(days, True) if found and found.assumed and kind == "besluit" else found

    return Filled


def total(made: type[Any], here: Any, place: Place, levels: tuple[int, ...]) -> float:
    """Days of all families together: every simple way of every profile and start written out."""
    days = 0.0
    for level in levels:
        for column, by in place.demand(level):
            profile = place.groups[column].profile
            asked = made(here, profile.age, profile.theme)
            for start, families in by.items():
                ways = asked.ways(level, start)
                days += families * min((w.days for w in ways), default=0.0)
    return days


@pytest.mark.parametrize("seed", range(9))
def test_every_wait_is_moved_as_by_hand(seed: int, regions: ModuleType, by_hand: ModuleType) -> None:
    tables = regions.made(seed)
    study = Study(regions.landscape(tables), [EDE], ages=[72, 168], themes=["opvoeden", "adhd"], levels=[1, 3])
    found = by_key(unknowns(study))
    place, here = study.place(EDE), by_hand.Here(tables, EDE)
    decider = place.locale.decision_partner
    keys = [(node, "aanmeldwachttijd") for node in place.terrain.nodes if node != FAMILY] + [(decider, "besluit")]
    moved = 0
    for key in keys:
        low, high = (total(supposing(by_hand, *key, end), here, place, study.levels) for end in ENDS[key[1]])
        if high - low < 1e-6:
            assert key not in found
            continue
        moved += 1
        assert found[key].days_low == pytest.approx(low)
        assert found[key].days_high == pytest.approx(high)
    assert len(found) == moved


def test_the_random_regions_hold_what_they_should(regions: ModuleType) -> None:
    kinds, old = set[str](), 0
    for seed in range(9):
        study = Study(regions.landscape(regions.made(seed)), [EDE], ages=[72, 168], themes=["opvoeden", "adhd"], levels=[1, 3])
        for unknown in unknowns(study):
            kinds.add(unknown.kind)
            old += bool(unknown.sources)
    assert kinds == {"aanmeldwachttijd", "besluit"}
    assert old > 0


@pytest.mark.parametrize("name", ["gelderse_vallei", "voorbeeldregio"])
def test_the_first_ones_are_those_of_all(name: str, request: pytest.FixtureRequest) -> None:
    landscape = request.getfixturevalue(name).landscape
    for code in landscape.region_municipalities[:3]:
        study = Study(landscape, [code])
        everything = unknowns(study)
        for most in (1, 3, 5):
            assert unknowns(study, most) == everything[:most]
        assert [u.days_moved for u in everything] == sorted((u.days_moved for u in everything), reverse=True)


def test_a_known_wait_never_asks(voorbeeldregio: Reading) -> None:
    landscape = voorbeeldregio.landscape
    for unknown in unknowns(Study(landscape, ["GM9003"])):
        place = Study(landscape, ["GM9003"]).place("GM9003")
        subjects = [place.locale.subjects(unknown.node)]
        subjects += [place.locale.subjects(unknown.node, o.id) for o in place.locale.offerings.values() if o.node == unknown.node]
        assert any(place.locale.waits.registration(s, p).assumed for s in subjects for p in place.terrain.profiles)


# --- small ones by hand -------------------------------------------------------------------------------------------
def small(regions: ModuleType, *waits: dict[str, Any], families: int = 10) -> Study:
    """Huisarts H → SOJ S → ggz G, and H → ggz K: ``families`` of 14 years a year ask at H for level 3."""
    tables = regions.region(
        {"H": "huisarts", "S": "soj", "G": "jeugd-ggz", "K": "jeugd-ggz"},
        [{"partner": "G", "level": "3"}, {"partner": "K", "level": "3"}],
        [("H", "S"), ("S", "G"), ("H", "K")],
        list(waits),
        demand=[
            {
                "municipality": EDE,
                "entry": "H",
                "age_from": 168,
                "age_until": 180,
                "theme": "adhd",
                "level": "3",
                "per_year": families,
                "year": 2025,
            }
        ],
    )
    return Study(regions.landscape(tables), [EDE], levels=[3])


def test_a_wait_that_all_must_pass_moves_by_its_whole_range(regions: ModuleType) -> None:
    # K is closed; H → S → G: S 14 days, G unknown: 10 families · (182 − 14) days; at the low end 10 · (14 + 14)
    study = small(regions, regions.wait("S", 14), regions.wait("K", "stop"))
    (found,) = unknowns(study)
    assert (found.node, found.days_low, found.days_high, dict(found.families)) == ("G", 280.0, 1960.0, {3: 10.0})


def test_another_way_ends_what_a_wait_can_move(regions: ModuleType) -> None:
    # by S and G 14 + x, by K 70 days: from 28 at x = 14 to 70 and no further: 10 · 42
    study = small(regions, regions.wait("S", 14), regions.wait("K", 70))
    (found,) = unknowns(study)
    assert (found.node, found.days_low, found.days_high) == ("G", 280.0, 700.0)


def test_nobody_goes_there_now_but_would(regions: ModuleType) -> None:
    # as expected G takes 98 and K 70 days: nobody waits at G. At its low end it is 28: what families meet now says nothing
    study = small(regions, regions.wait("S", 14), regions.wait("K", 70))
    assert study.place(EDE).flow(3).waiting == {"K": 10.0}
    assert unknowns(study)[0].node == "G"


def test_a_wait_that_is_too_far_away_moves_nothing(regions: ModuleType) -> None:
    # even at 14 days the way by G takes 28, and by K 21
    assert unknowns(small(regions, regions.wait("S", 14), regions.wait("K", 21))) == ()


def test_an_old_value_is_told(regions: ModuleType) -> None:
    old = regions.wait("G", 30, as_of="2020-01-01", value="30 dagen")
    (found,) = unknowns(small(regions, regions.wait("S", 14), regions.wait("K", "stop"), old))
    assert (found.written, found.as_of, [s.table for s in found.sources]) == ("30 dagen", "2020-01-01", ["waits"])


def test_two_municipalities_add_up(voorbeeldregio: Reading) -> None:
    landscape = voorbeeldregio.landscape
    pair = ["GM9003", "GM9002"]
    both = by_key(unknowns(Study(landscape, pair)))
    apart = [by_key(unknowns(Study(landscape, [code]))) for code in pair]
    assert set(both) == set(apart[0]) | set(apart[1])
    for key, found in both.items():
        assert found.days_moved == pytest.approx(sum(one[key].days_moved for one in apart if key in one))
