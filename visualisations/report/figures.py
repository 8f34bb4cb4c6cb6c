"""Small figures as SVG: a strip of a way, a bar of a wait, the ages that something covers.

Places are percentages of the width, so that a figure fits every screen and page while its lines and letters keep their
size. Colours and hatches are classes of report.css; every look also differs without colour. Days go in, weeks are drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from ...graph.waiting import WEEK, Wait

#: Steps of an axis in weeks: the first one of which at most so many fit is taken.
_STEPS: Final = (1, 2, 4, 8, 13, 26, 52, 104, 260, 520)
_TICKS: Final = 8
#: A number stands in a segment that takes at least this share of the width.
_ROOM: Final = 6.0
#: A mark where primary school, secondary school and adulthood begin (months).
_MARKED: Final = (48, 144, 216)

#: The hatches that the figures refer to; they stand once in a page.
HATCHES: Final = Markup(
    '<svg class="rp-hatches" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<line class="rp-hatch-line" x1="0" x2="0" y1="0" y2="6"/></pattern>'
    '<pattern id="hatch-old" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">'
    '<line class="rp-hatch-old" x1="0" x2="0" y1="0" y2="5"/></pattern>'
    '<pattern id="dots" width="5" height="5" patternUnits="userSpaceOnUse">'
    '<circle class="rp-dot" cx="2.5" cy="2.5" r="1.1"/></pattern>'
    '<pattern id="cross" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<path class="rp-cross-line" d="M0 0l6 6M6 0 0 6"/></pattern>'
    "</defs></svg>"
)


@dataclass(frozen=True, slots=True)
class Scale:
    """From 0 up to ``days`` over the width of a figure."""

    days: float

    @classmethod
    def over(cls, days: Iterable[float | None]) -> Scale:
        """A scale that holds all of ``days`` with a little room; None does not count."""
        return cls(max((d for d in days if d is not None), default=0.0) * 1.06 or WEEK)

    def at(self, days: float) -> float:
        """The place of ``days`` in percents, never outside the figure."""
        return min(100.0, max(0.0, 100.0 * days / self.days))

    @property
    def ticks(self) -> tuple[int, ...]:
        """The weeks at which the axis has a mark."""
        weeks = self.days / WEEK
        step = next((s for s in _STEPS if weeks / s <= _TICKS), _STEPS[-1])
        return tuple(range(0, int(weeks) + 1, step))


@dataclass(frozen=True, slots=True)
class Segment:
    """A step of a way: expected ``days``, whether they are assumed, and the number of weeks as it is said."""

    days: float
    assumed: bool
    said: str


# --- pieces: numbers and our own class names; what comes from outside is escaped in _svg and _text ----------------------
def _class(look: str) -> str:
    return " ".join(f"rp-{word}" for word in look.split())


def _svg(look: str, label: str, height: int, parts: Iterable[str]) -> Markup:
    inside, said = "".join(parts), escape(label)
    whole = f'<svg class="rp-fig rp-{look}" role="img" aria-label="{said}" width="100%" height="{height}">{inside}</svg>'
    return Markup(whole)  # noqa: S704  # made of the pieces below


def _rect(look: str, x: float, y: int, width: float, height: int) -> str:
    return f'<rect class="{_class(look)}" x="{x:.2f}%" y="{y}" width="{width:.2f}%" height="{height}"/>'


def _line(look: str, x: float, y1: int, y2: int, to: float | None = None) -> str:
    return f'<line class="{_class(look)}" x1="{x:.2f}%" x2="{x if to is None else to:.2f}%" y1="{y1}" y2="{y2}"/>'


def _dot(look: str, x: float, y: int, radius: int) -> str:
    return f'<circle class="{_class(look)}" cx="{x:.2f}%" cy="{y}" r="{radius}"/>'


def _text(look: str, x: float, y: int, said: str, anchor: str = "middle") -> str:
    return f'<text class="{_class(look)}" x="{x:.2f}%" y="{y}" text-anchor="{anchor}">{escape(said)}</text>'


def _arrow(x: float, y: int) -> str:
    path = '<path class="rp-range-arrow" d="M-7 0 0 5l-7 5"/>'
    return f'<svg x="{x:.2f}%" y="{y}" width="8" height="10" overflow="visible">{path}</svg>'


def _stop(y: int) -> str:
    return (
        f'<svg x="0" y="{y}" width="16" height="16" viewBox="0 0 16 16">'
        '<path class="rp-stop" d="M5 1h6l4 4v6l-4 4H5l-4-4V5z"/><path class="rp-stop-sign" d="M4.5 8h7"/></svg>'
    )


def _range(low: float, high: float | None, scale: Scale, y: int) -> list[str]:
    """A line with ends from low to high; an arrow where nobody knows the end."""
    left, right = scale.at(low), 100.0 if high is None else scale.at(high)
    end = _arrow(right, y - 5) if high is None else _line("range", right, y - 4, y + 4)
    return [_line("range", left, y, y, right), _line("range", left, y - 4, y + 4), end]


# --- figures -----------------------------------------------------------------------------------------------------
def axis(scale: Scale, label: str) -> Markup:
    """The marks of a scale with their weeks."""
    parts = []
    for weeks in scale.ticks:
        place = scale.at(weeks * WEEK)
        parts.append(_line("tick", place, 0, 5))
        parts.append(_text("tick-text", place, 17, str(weeks), "middle" if weeks else "start"))
    return _svg("axis", label, 20, parts)


def strip(
    segments: Sequence[Segment], low: float, high: float | None, scale: Scale, label: str, norm: float | None = None
) -> Markup:
    """A way: a segment per step, unknown ones hatched, a dot per station, and below it the range from ``low`` to ``high``.

    ``high`` None is "or longer": the range ends in an arrow. ``norm`` is a line over the whole height.
    """
    parts: list[str] = []
    start = 0.0
    stations = [0.0]
    for number, segment in enumerate(segments):
        left, right = scale.at(start), scale.at(start + segment.days)
        look = "unknown" if segment.assumed else f"known-{number % 2}"
        parts.append(_rect(f"segment {look}", left, 7, max(right - left, 0.0), 16))
        if right - left >= _ROOM:
            middle = (left + right) / 2
            if segment.assumed:
                parts.append(_dot("behind", middle, 15, 8))
            parts.append(_text(f"weeks {look}-text", middle, 19, segment.said))
        start += segment.days
        stations.append(start)
    parts += [_dot("station", scale.at(days), 15, 4) for days in stations]
    parts += _range(low, high, scale, 31)
    if norm is not None:
        parts.append(_line("norm", scale.at(norm), 1, 36))
    return _svg("strip", label, 38, parts)


def bar(wait: Wait, scale: Scale, label: str, norm: float | None = None, target: float | None = None) -> Markup:
    """A wait: its range as a bar, what is expected as a thick line, the norm dashed, a target dotted.

    A stop is a sign and no bar; an unknown wait is hatched over what is assumed, an outdated one hatched otherwise.
    """
    parts = [_line("track", 0, 9, 9, 100), *([_stop(1)] if wait.closed else _span(wait, scale))]
    if target is not None:
        parts.append(_line("target", scale.at(target), 0, 18))
    if norm is not None:
        parts.append(_line("norm", scale.at(norm), 0, 18))
    return _svg("bar", label, 18, parts)


def _span(wait: Wait, scale: Scale) -> list[str]:
    look = "old" if wait.assumed and wait.outdated else "unknown" if wait.assumed else "known"
    low = wait.low or 0.0
    left, right = scale.at(low), 100.0 if wait.high is None else scale.at(wait.high)
    parts = [_rect(f"span {look}", left, 4, max(right - left, 0.4), 10)]
    if wait.high is None:
        parts.append(_arrow(100, 4))
    if not wait.assumed:
        parts.append(_line("expected", scale.at(low if wait.expected is None else wait.expected), 1, 17))
    return parts


def ages(spans: Iterable[tuple[int, int, str]], first: int, last: int, label: str) -> Markup:
    """Ages (months) from ``first`` up to ``last`` as a strip, with a look for each span of them."""
    width = max(last - first, 1)
    parts = [_rect("frame", 0, 1, 100, 10)]
    for low, high, look in spans:
        left, right = (100.0 * (min(max(a, first), last) - first) / width for a in (low, high))
        if right > left:
            parts.append(_rect(f"age {look}", left, 1, right - left, 10))
    parts += [_line("age-mark", 100.0 * (age - first) / width, 0, 12) for age in _MARKED if first < age < last]
    return _svg("ages", label, 12, parts)


def sample(kind: str) -> Markup:
    """A look by itself, for a legend."""
    if kind == "stop":
        inside = _stop(0)
    elif kind in ("norm", "target", "expected"):
        inside = _line(kind, 50, 0, 16)
    elif kind == "range":
        inside = "".join(_range(0.0, WEEK, Scale(WEEK), 8))
    else:
        inside = _rect(f"segment age span {kind}", 0, 2, 100, 12)
    whole = f'<svg class="rp-sample" width="26" height="16" aria-hidden="true" focusable="false">{inside}</svg>'
    return Markup(whole)  # noqa: S704  # made of the pieces above
