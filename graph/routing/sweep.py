"""Expected days of the fastest way from many starts at once, profile after profile.

:class:`fastest.Fastest` asks from one set of starts. Here all sets share one matrix of shortest times per signature
of conditions, and each profile only adds the last step to the offerings that fit. Where the clock of a growing child
could change a way before its last step, the answer says that it is not sure and Fastest is to be asked: so what is
sure equals Fastest's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..conditions import Conditions
from ..locale import Locale
from ..places import Hop, Offering
from ..profile import DAYS_PER_MONTH, Profile, age_fits
from ..waiting import Wait
from .asking import Reason
from .routes import Network
from .shortest import NEAR, PER_HOP, Ends, Flags, Floats, Places, Shortest, Signature, Steps, Times


class Sweep:
    """Asks one locale for the fastest expected way to a level from each of ``starts`` (sets of nodes).

    Every start is an entry: a free offering is one step from it.
    """

    def __init__(self, locale: Locale, starts: Sequence[Sequence[str]]) -> None:
        self._locale = locale
        self._conditions = Conditions(locale)
        self._hops = locale.hops
        nodes = {h.source for h in self._hops} | {h.target for h in self._hops} | set(locale.entries)
        nodes |= {o.node for o in locale.offerings.values()} | {n for s in starts for n in s}
        self._index = {node: n for n, node in enumerate(sorted(nodes))}
        self._starts = [[self._index[n] for n in dict.fromkeys(s)] for s in starts]
        self._from = np.zeros((len(self._starts), len(self._index)), dtype=bool)
        for row, chosen in enumerate(self._starts):
            self._from[row, chosen] = True
        self._begins = sorted({n for s in self._starts for n in s})
        self._entries = [self._index[e] for e in locale.entries]
        self._steps = Steps(
            len(self._index),
            np.array([self._index[h.source] for h in self._hops], dtype=np.intp),
            np.array([self._index[h.target] for h in self._hops], dtype=np.intp),
            np.array([-np.inf if h.age_from is None else h.age_from for h in self._hops]),
            np.array([np.inf if h.age_until is None else h.age_until for h in self._hops]),
        )
        self._special = {h.route for h in self._hops if h.route and locale.waits.rows(f"route:{h.route}")}
        self._into: dict[str, list[int]] = {}
        for place, hop in enumerate(self._hops):
            self._into.setdefault(hop.target, []).append(place)
        #: Where a hop points to one offering or has a wait of its own: there each last step is looked at by itself.
        self._own_say = {h.target for h in self._hops if h.offering is not None or h.route in self._special}
        self._special_ends = {h.target for h in self._hops if h.route in self._special}
        self._bases: dict[tuple[int, int], Signature] = {}
        self._shortest: dict[bytes, Shortest] = {}
        self._about: dict[tuple[str, int], list[Offering]] = {}
        self._plain: dict[str, tuple[Places, Floats, Floats]] = {}
        self._waits: dict[tuple[str, int], Wait] = {}
        self._over: dict[tuple[int, int, int], tuple[float, float, float]] = {}
        self._known: dict[Any, Times] = {}
        self._each_known: dict[Any, Ends] = {}
        self._pointed: dict[str, frozenset[str]] = {}
        for hop in self._hops:
            if hop.offering is not None:
                self._pointed[hop.target] = self._pointed.get(hop.target, frozenset()) | {hop.offering}
        self._by_itself: dict[tuple[int, str, int], float | None] = {}

    # --- asking ---------------------------------------------------------------------------------------------
    def times(self, profile: Profile, level: int) -> Times:
        """Expected days from each set of starts to a fitting offering of ``level``; age and theme given."""
        age, theme = _asked(profile)
        base = self._base(profile)
        ends = [(o, self._wait(o, profile)) for o in self._fitting(theme, level) if o.age_until is None or age < o.age_until]
        ends = [(o, w) for o, w in ends if not w.closed or o.node in self._own_say]
        # a hop with a wait of its own may ask more of the profile than the signature tells
        by_itself = theme if any(o.node in self._special_ends for o, _ in ends) else None
        key = (id(base), age, by_itself, tuple((o.id, id(w)) for o, w in ends))
        if key not in self._known:
            self._known[key] = self._times(base, profile, age, ends)
        return self._known[key]

    def nowhere(self, profile: Profile, level: int) -> Flags:
        """Per set of starts whether no open way leads to ``level`` at any age."""
        age, theme = _asked(profile)
        about = [o for o in self._fitting(theme, level) if age_fits(age, None, o.age_until)]
        opened = self._reached(self._base(profile), about, profile, stops=False)
        return np.array([o is False for o in opened])

    def reasons(self, profile: Profile, level: int) -> list[Reason | None]:
        """Why there is no way, per set of starts that has none (ask no other); None where it is not sure.

        A stop bars the way where it could be gone through and no open way is there at any age.
        """
        age, theme = _asked(profile)
        about = [o for o in self._fitting(theme, level) if age_fits(age, None, o.age_until)]
        if not any(age_fits(age, o.age_from, None) for o in about):
            return ["geen aanbod"] * len(self._starts)
        if not self._conditions.any_stop:
            return ["geen route"] * len(self._starts)
        base = self._base(profile)
        through, opened = (self._reached(base, about, profile, stops=stops) for stops in (True, False))
        return [_reason(t, o) for t, o in zip(through, opened, strict=True)]

    def _reached(self, base: Signature, about: Sequence[Offering], profile: Profile, *, stops: bool) -> list[bool | None]:
        """Per set of starts whether any offering is reached, at whatever age, ``stops`` gone through; None: not sure."""
        there: dict[str, set[str]] = {}
        for offering in about:
            there.setdefault(offering.node, set()).add(offering.id)
        doors, own, doubtful = (np.zeros(len(self._index), dtype=bool) for _ in range(3))
        free = False
        for offering in about:
            barred = self._wait(offering, profile).closed and not stops
            if not barred:
                own[self._index[offering.node]] = True
                free = free or offering.access == "vrij"
            for place in self._into.get(offering.node, ()):
                hop = self._hops[place]
                if not base.usable[place]:
                    continue
                other = hop.offering not in (None, offering.id) and hop.offering in there[offering.node]
                door = not other and (stops or not self._closed(base, place, offering, profile, barred=barred))
                if door:
                    doors[self._steps.source[place]] = True
                if other or (door and barred):
                    # the last step must be another, or this one by a wait of its own, perhaps only over a way that passes the end
                    doubtful[self._index[offering.node]] = True
        reach = base.reach(self._from, self._steps, stops=stops)
        begins = self._from.any(axis=1)
        there_already = (self._from & own).any(axis=1)
        certain: Flags = np.asarray(there_already | (begins & free))
        found: Flags = certain | (reach & doors).any(axis=1)
        doubt: Flags = found & ~certain & (reach & doubtful).any(axis=1)
        return [None if d else bool(f) for f, d in zip(found, doubt, strict=True)]

    def _closed(self, base: Signature, place: int, offering: Offering, profile: Profile, *, barred: bool) -> bool:
        """Whether the last step over a hop is closed; a hop with a wait of its own has the say."""
        if self._hops[place].route in self._special:
            return self._special_days(place, offering, profile) is None
        return barred or not np.isfinite(base.to_door[place])

    # --- what is shared -------------------------------------------------------------------------------------
    def _fitting(self, theme: str, level: int) -> list[Offering]:
        """The offerings that answer a theme and level at some age."""
        if (theme, level) not in self._about:
            fitting = self._locale.fitting(Profile(self._locale.municipality, None, theme), level)
            self._about[theme, level] = [o for o in fitting if not self._locale.is_safety(o.partner)]
        return self._about[theme, level]

    def _wait(self, offering: Offering, profile: Profile) -> Wait:
        """The wait at the end of a way, where the hop has no say in it."""
        key = (offering.id, self._conditions.signature(profile)[0] & self._conditions.of_end(offering))
        if key not in self._waits:
            subjects = self._locale.subjects(offering.node, offering.id)
            self._waits[key] = self._locale.waits.registration(subjects, profile)
        return self._waits[key]

    def _base(self, profile: Profile) -> Signature:
        signature = self._conditions.signature(profile)
        if signature not in self._bases:
            network: list[Network] = []  # made only where some hop meets new conditions
            over = [self._days_over(place, hop, profile, signature, network) for place, hop in enumerate(self._hops)]
            days = np.array(over, dtype=np.float64).reshape(-1, 3)
            key = days.tobytes()
            if key not in self._shortest:
                over_it, to_door = (np.nan_to_num(days[:, c], nan=np.inf, posinf=np.inf) for c in (0, 2))
                young = days[:, 1] > 0
                through, later = np.where(young, np.inf, over_it), np.where(young, over_it, np.inf)
                self._shortest[key] = Shortest(self._steps, self._starts, self._entries, through, later, to_door)
            self._bases[signature] = Signature(self._shortest[key], days)
        return self._bases[signature]

    def _days_over(
        self, place: int, hop: Hop, profile: Profile, signature: tuple[int, int], network: list[Network]
    ) -> tuple[float, float, float]:
        """(days over the hop, 1 where the child is too young for it, days to the door behind it) of one hop.

        Infinite: not usable (nan), closed, or with a closed decision.
        """
        own = self._conditions.bit((hop.themes, hop.age_from, hop.age_until))
        mask = self._conditions.of_hop(place, hop)
        key = (place, signature[0] & (mask | own), signature[1] & own)
        if key not in self._over:
            if not signature[1] & own:
                self._over[key] = (np.nan, 0.0, np.nan)
            else:
                here = network or [Network(self._locale, profile)]
                network[:] = here
                leg, decision = here[0].leg(hop), here[0].decision if hop.decision else None
                days = np.inf if leg.total.closed else leg.days("expected") + PER_HOP
                door = np.inf if decision and decision.closed else hop.handover + (_days(decision) if decision else 0.0) + PER_HOP
                self._over[key] = (days, 0.0 if signature[0] & own else 1.0, PER_HOP if hop.route in self._special else door)
        return self._over[key]

    # --- the last step --------------------------------------------------------------------------------------
    def _times(self, base: Signature, profile: Profile, age: int, ends: Sequence[tuple[Offering, Wait]]) -> Times:
        shortest = base.shortest
        there: dict[str, set[str]] = {}
        for offering, _ in ends:
            there.setdefault(offering.node, set()).add(offering.id)
        parts: list[Ends] = []
        barred: list[tuple[int, Flags]] = []
        width = 0
        for offering, wait in ends:
            young = offering.age_from is not None and offering.age_from > age
            if young and self._never_old_enough(base, offering, wait, age):
                continue
            if offering.node in self._own_say:
                parts.append(self._own_ends(base, profile, offering, wait, there[offering.node]))
            else:
                columns, low, high = self._plain_ends(offering)
                parts.append(Ends(columns, np.full(len(columns), _days(wait)), low, high))
            width += len(parts[-1].columns)
            if young and offering.access == "vrij" and not wait.closed:
                further, flags = self._further_on(shortest, offering, wait)
                parts.append(further)
                barred.append((width, flags))
                width += len(further.columns)
        if not parts:
            return shortest.best(age, _NO_ENDS, np.zeros((len(self._starts), 0), dtype=bool))
        together = Ends(
            np.concatenate([p.columns for p in parts]),
            np.concatenate([p.waits for p in parts]),
            np.concatenate([p.low for p in parts]),
            np.concatenate([p.high for p in parts]),
        )
        passing = np.zeros((len(self._starts), width), dtype=bool)
        hops = together.columns < len(self._hops)
        passing[:, hops] = shortest.passing[:, together.columns[hops]]
        for place, flags in barred:
            passing[:, place : place + flags.shape[1]] = flags
        return shortest.best(age, together, passing)

    def _further_on(self, shortest: Shortest, offering: Offering, wait: Wait) -> tuple[Ends, Flags]:
        """The last steps to a free offering from every entry, for a child that is old enough by then, and which are barred."""
        node = self._index[offering.node]
        at = [n for n, e in enumerate(self._entries) if e != node]
        first = len(self._hops) + 1 + len(self._begins)
        many = np.ones(len(at))
        ends = Ends(
            np.array([first + n for n in at], dtype=np.intp), many * _days(wait), many * _low(offering), many * _high(offering)
        )
        return ends, shortest.passes([self._entries[n] for n in at], node)

    def _plain_ends(self, offering: Offering) -> tuple[Places, Floats, Floats]:
        """The last steps to an offering (column, ages), where hops have no say in the wait; the same for all profiles."""
        if offering.id not in self._plain:
            hops = self._into.get(offering.node, [])
            others = self._own_columns(offering)
            low = [max(float(self._steps.low[h]), _low(offering)) for h in hops] + [_low(offering)] * len(others)
            high = [min(float(self._steps.high[h]), _high(offering)) for h in hops] + [_high(offering)] * len(others)
            self._plain[offering.id] = np.array([*hops, *others], dtype=np.intp), np.array(low), np.array(high)
        return self._plain[offering.id]

    def _own_columns(self, offering: Offering) -> list[int]:
        """The columns of a family that needs no hop: a free offering, or it starts there."""
        node, found = self._index[offering.node], []
        if offering.access == "vrij":
            found.append(len(self._hops))
        if node in self._begins:
            found.append(len(self._hops) + 1 + self._begins.index(node))
        return found

    def _own_ends(self, base: Signature, profile: Profile, offering: Offering, wait: Wait, there: set[str]) -> Ends:
        """:meth:`_each`, worked out once for all profiles that it is the same for."""
        pointed = self._pointed.get(offering.node, frozenset()) & there
        special = 0
        if offering.node in self._special_ends:
            special = self._conditions.signature(profile)[0] & self._special_mask(offering)
        key = (id(base), offering.id, id(wait), special, pointed)
        if key not in self._each_known:
            self._each_known[key] = self._each(base, profile, offering, wait, there)
        return self._each_known[key]

    def _special_mask(self, offering: Offering) -> int:
        mask = self._conditions.of_end(offering)
        for place in self._into.get(offering.node, ()):
            mask |= self._conditions.of_hop(place, self._hops[place])
        return mask

    def _each(self, base: Signature, profile: Profile, offering: Offering, wait: Wait, there: set[str]) -> Ends:
        """The last steps to an offering with the wait of each, where hops have a say in it."""
        rows: list[tuple[int, float, float, float]] = []
        for place in self._into.get(offering.node, ()):
            hop = self._hops[place]
            if not base.usable[place] or (hop.offering not in (None, offering.id) and hop.offering in there):
                continue
            days = None if wait.closed else _days(wait)
            if hop.route in self._special:
                days = self._special_days(place, offering, profile)
            if days is not None:
                low, high = (float(x[place]) for x in (self._steps.low, self._steps.high))
                rows.append((place, max(low, _low(offering)), min(high, _high(offering)), days))
        if not wait.closed:
            rows += [(c, _low(offering), _high(offering), _days(wait)) for c in self._own_columns(offering)]
        numbers = np.array([row[1:] for row in rows], dtype=np.float64).reshape(-1, 3)
        return Ends(np.array([row[0] for row in rows], dtype=np.intp), numbers[:, 2], numbers[:, 0], numbers[:, 1])

    def _special_days(self, place: int, offering: Offering, profile: Profile) -> float | None:
        """Days of a last step over a hop with a wait of its own; None where it is closed."""
        hop = self._hops[place]
        mask = self._conditions.of_hop(place, hop) | self._conditions.of_end(offering)
        key = (place, offering.id, self._conditions.signature(profile)[0] & mask)
        if key not in self._by_itself:
            leg = Network(self._locale, profile).leg(hop, offering, end=True)
            self._by_itself[key] = None if leg.total.closed else leg.days("expected")
        return self._by_itself[key]

    def _never_old_enough(self, base: Signature, offering: Offering, wait: Wait, age: int) -> bool:
        """Whether a child of ``age`` is too young for the offering whichever way it comes."""
        if base.shortest.first_limit <= age + NEAR or offering.node in self._own_say:
            return False
        doors = base.to_door[np.isfinite(base.to_door)]
        longest = base.shortest.longest + float(doors.max(initial=0.0)) + _days(wait)
        return age + longest / DAYS_PER_MONTH < _low(offering) - NEAR


def _reason(through: bool | None, opened: bool | None) -> Reason | None:
    """A stop where there is a way through stops and no open one."""
    if opened or through is False:
        return "geen route"
    return None if through is None or opened is None else "aanmeldstop"


def _asked(profile: Profile) -> tuple[int, str]:
    """The age and theme of a profile (ValueError where it leaves one open)."""
    if profile.age is None or profile.theme is None:
        raise ValueError("a sweep is asked for one age and one theme")
    return profile.age, profile.theme


def _low(offering: Offering) -> float:
    return -np.inf if offering.age_from is None else float(offering.age_from)


def _high(offering: Offering) -> float:
    return np.inf if offering.age_until is None else float(offering.age_until)


def _days(wait: Wait) -> float:
    """The expected days of an open wait, as :meth:`routes.Leg.days` reads them."""
    return wait.expected if wait.expected is not None else (wait.low or 0.0)


_NO_ENDS = Ends(np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0), np.zeros(0))
