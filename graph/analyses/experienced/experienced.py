"""experienced: what families live through, given the outflow that partners registered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ...atlas import Atlas
from ...landscape import Landscape
from ...responses import responses
from ...waiting import Wait
from ..common import Assumption, assumed_waits, frame
from .answer import Experience, Experienced, Ground
from .hiding import BACK, FAMILIES, GIVEN, VISITS, WEEKS, hidden
from .lived import NO_NUMBERS, Lived, lived
from .outflow import ENDS, OUTCOMES, Left, Outflow
from .stays import Stay, stays

if TYPE_CHECKING:
    from .chain import Chain, Flags

_EVERY = frozenset((WEEKS, *OUTCOMES, VISITS, BACK, GIVEN, FAMILIES))


def experienced(
    landscape: Landscape,
    municipalities: Collection[str] = (),
    *,
    with_outdated: bool = False,
    internal: bool = False,
) -> Experienced:
    """What families live through from each partner with outflow; only those that serve any of ``municipalities`` if given.

    Families go on from partner to partner with the shares of the table outflow, all years together, until they get help,
    drop out, are lost sight of, or come where no outflow is registered ("elders"): an absorbing Markov chain. With
    Q the shares between partners, R those that end, N = (I − Q)⁻¹ and h the wait of a partner (days):

    - time until it ends τ = N·h, for the low, expected and high end of each wait; the wait is met at every visit, the
      first included, and what is waited "elders" is not in it;
    - outcomes B = N·R, and the share that never ends where families cannot leave some partners ("rondgaan");
    - visits N_vv to a partner of those who are there, and the chance to come back f_v = 1 − 1/N_vv;
    - time given that help is reached: the same in the chain of those (Doob's h-transform).

    Every step is taken to be independent of those before it (Markov), and the waits to be those of all families.
    Municipalities choose who is listed; the figures are those of the whole chain. Rows without a number are left
    out and counted, never taken as 0.

    **Privacy.** Small numbers are not used as they are (:class:`.outflow.Outflow`). A partner without a row of at least
    the threshold gets no figures; figures about few families are hidden (:func:`.hiding.hidden`). ``internal`` computes
    with the numbers as they are, and shows all.

    Source: Kemeny and Snell, Finite Markov Chains (1960), ch. 3.
    """
    outflow = Outflow(landscape, exact=internal)
    chain = _chain(outflow)
    found = stays(landscape, outflow.counted, with_outdated=with_outdated)
    figures = _figures(chain, outflow, found)
    served = _serving(landscape, municipalities) if municipalities else None
    listed = [p for p in outflow.of if served is None or p in served]
    said = dict(responses(landscape, listed))
    names = landscape.names
    threshold = 0 if internal else landscape.settings.threshold
    partners = [
        _experience(partner, names[partner], outflow.of[partner], figures.get(partner), found.get(partner), threshold, said)
        for partner in listed
    ]
    met = _met(chain, outflow, found, listed)
    assumptions = assumed_waits(landscape, met)
    unstated = sum(served[p] for p in listed) if served else 0
    if unstated:
        assumptions.append(Assumption("area", (("number", unstated),)))
    return Experienced(
        frame(landscape, "experienced", met, assumptions, weighted=bool(outflow.counted)),
        tuple(sorted(partners, key=lambda p: (p.name.casefold(), p.partner))),
        _ground(landscape, outflow, found, exact=internal),
        landscape.settings.threshold,
    )


def _serving(landscape: Landscape, municipalities: Iterable[str]) -> dict[str, bool]:
    """The partners that serve any of ``municipalities``, and whether that is assumed."""
    atlas = landscape.derived(Atlas)
    return {node.id: node.area_assumed for code in municipalities for node in atlas.partners(code).values()}


def _chain(outflow: Outflow) -> Chain | None:
    """The chain of the partners with outflow; None without any."""
    if not outflow.counted:
        return None
    import numpy as np

    from .chain import Chain, steps

    number = len(outflow.counted)
    ends = np.zeros((number, len(ENDS)))
    onward: list[tuple[int, int, float]] = []
    for place, partner in enumerate(outflow.counted):
        for to, families in outflow.of[partner].to.items():
            there = outflow.place(to)
            if there is None:
                ends[place, ENDS.index(outflow.end(to))] += families
            else:
                onward.append((place, there, families))
    starts, targets, numbers = zip(*onward, strict=True) if onward else ((), (), ())
    return Chain(steps(number, starts, targets, numbers), ends)


def _figures(chain: Chain | None, outflow: Outflow, found: Mapping[str, Stay]) -> dict[str, tuple[Lived, bool]]:
    """What is lived through from each partner of the chain, and whether small numbers stand in on the ways from it."""
    if chain is None:
        return {}
    told = lived(chain, [found[partner].wait for partner in outflow.counted])
    near = chain.leading_to(_flags([outflow.of[p].small > 0 for p in outflow.counted])).tolist()
    return dict(zip(outflow.counted, zip(told, near, strict=True), strict=True))


def _met(chain: Chain | None, outflow: Outflow, found: Mapping[str, Stay], listed: Collection[str]) -> list[Wait]:
    """The waits on the ways from the partners listed."""
    if chain is None:
        return []
    shown = {*listed}
    on_the_way = chain.reached_from(_flags([p in shown for p in outflow.counted]))
    return [found[p].wait for p, there in zip(outflow.counted, on_the_way.tolist(), strict=True) if there]


def _flags(flags: Sequence[bool]) -> Flags:
    import numpy as np

    return np.array(flags, dtype=bool)


def _experience(
    partner: str,
    name: str,
    left: Left,
    figures: tuple[Lived, bool] | None,
    stay: Stay | None,
    threshold: int,
    said: Mapping[str, str],
) -> Experience:
    """One partner; nothing is said of one with small numbers only."""
    wait = stay.wait if stay else None
    sources = (*left.sources, *(wait.sources if wait else ()))
    known = Experience(partner, name, tuple(sorted(left.years)), left.unknown, wait, said.get(partner), sources)
    if figures is None:
        families = None if left.unknown else 0.0
        return replace(known, families=families, reason=NO_NUMBERS, reason_given_help=NO_NUMBERS)
    told, approximate = figures
    if left.largest < threshold:
        return replace(known, approximate=approximate, suppressed=_EVERY)
    hide = hidden(left.families, told.outcomes, told.back, threshold)
    return replace(
        known,
        families=None if FAMILIES in hide else left.families,
        approximate=approximate,
        days=told.days,
        reason=told.reason,
        outcomes={name: None if name in hide else share for name, share in told.outcomes.items()},
        visits=None if VISITS in hide else told.visits,
        back=None if BACK in hide else told.back,
        days_given_help=None if GIVEN in hide else told.days_given_help,
        reason_given_help=None if GIVEN in hide else told.reason_given_help,
        suppressed=hide,
    )


def _ground(landscape: Landscape, outflow: Outflow, found: Mapping[str, Stay], *, exact: bool) -> Ground:
    every = outflow.of.values()
    went = sorted({to for left in every for to, families in left.to.items() if families > 0})
    threshold = landscape.settings.threshold
    return Ground(
        tuple(sorted({year for left in every for year in left.years})),
        landscape["outflow"]["year"].null_count(),
        sum(left.unknown for left in every),
        tuple(partner for partner, left in outflow.of.items() if left.unknown),
        sum(left.small for left in every),
        None if exact or not threshold else threshold / 2,
        tuple(to for to in went if outflow.place(to) is None and not to.startswith("uitkomst:")),
        tuple(to for to in went if to.startswith("aanbod:") and outflow.place(to) is not None),
        tuple(p for p in outflow.counted if found[p].partly_closed),
    )
