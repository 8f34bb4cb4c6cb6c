"""Conditions for many profiles at once hold as each of them does for each profile alone."""

from __future__ import annotations

import random

from routekaart.graph.locale import Locale
from routekaart.graph.profile import GENERAL, Profile, age_fits, theme_fits
from routekaart.graph.profiles.holding import Holding
from routekaart.loaders.read import Reading

AGES = (None, 0, 36, 143, 144, 215, 216)


def test_conditions_hold_for_all_profiles_as_for_each(example: Reading) -> None:
    landscape = example.landscape
    r, scheme = random.Random(1), landscape.themes
    code = landscape.region_municipalities[0]
    asked = [None, "unheard-of", *scheme.slugs]
    profiles = [Profile(code, age, theme) for age in AGES for theme in asked]
    holding = Holding(Locale(landscape, code), profiles)
    # none, the general one, one that is not in the scheme, narrow and broad ones together
    stated = [(), (GENERAL,), ("unheard-of",), *(tuple(r.sample(scheme.slugs, r.randint(1, 4))) for _ in range(60))]
    held = set()
    for themes in stated:
        low, high = r.choice([(None, None), (144, None), (None, 144), (36, 216)])
        found = holding.fits(themes, low, high).tolist()
        for profile, holds in zip(profiles, found, strict=True):
            broader = None if profile.theme is None else scheme.with_broader(profile.theme)
            assert holds == (theme_fits(broader, themes) and age_fits(profile.age, low, high)), (profile, themes, low, high)
        held |= {*found}
    assert held == {True, False}
