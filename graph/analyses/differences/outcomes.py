"""How answers of ``route`` differ between two Landscapes, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from ...profile import Profile
from ...routing.asking import Reason


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer of ``route``: its expected days and way, or why there is none. ``path`` holds ids."""

    days: float | None
    reason: Reason | None
    profile: Profile | None = None
    path: tuple[str, ...] = ()
    offering: str | None = None


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """The profile whose answer changes most: age band (months, half-open), theme, both answers."""

    age_from: int
    age_until: int
    theme: str
    before: Outcome
    after: Outcome


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """How the answers change for one municipality, entry (endpoint; None: any) and level.

    ``before`` and ``after`` are the fastest over all profiles, as ``route`` gives it without age and
    theme. The counts are of profiles, elementary age bands × themes of both Landscapes together:
    ``closed`` (aanmeldstop now, a way before) is not in ``unreachable``; ``reason_changed`` had and have no way.
    ``largest`` is the profile that changes most: a way lost or closed, most days, then one gained, everyday themes
    before narrower ones; None where
    only the bands that ``route`` looks at changed.
    """

    municipality: str
    start: str | None
    level: int
    before: Outcome
    after: Outcome
    profiles: int
    shorter: int
    longer: int
    reachable: int
    unreachable: int
    closed: int
    reason_changed: int
    largest: ProfileChange | None


@dataclass(frozen=True, slots=True)
class OfferChange:
    """Offerings (ids) that one municipality has now and had not, and the reverse."""

    municipality: str
    appeared: tuple[str, ...]
    vanished: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerChanges:
    """All answers that change. ``touched`` municipalities could change; ``compared`` of them were worked out."""

    answers: tuple[AnswerChange, ...]
    offers: tuple[OfferChange, ...]
    touched: tuple[str, ...]
    compared: tuple[str, ...]

    @property
    def left_out(self) -> tuple[str, ...]:
        """The municipalities whose answers may change and were not worked out."""
        return tuple(m for m in self.touched if m not in self.compared)
