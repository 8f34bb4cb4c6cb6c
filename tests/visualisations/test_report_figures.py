"""The small figures of the report: places in percents that follow from the days, looks that differ without colour."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from routekaart.graph.waiting import Wait
from routekaart.visualisations.report.figures import Scale, Segment, ages, axis, bar, sample, strip

SCALE = Scale(700.0)  # a hundred weeks over the width: one percent is a week


def elements(svg: str, tag: str) -> list[dict[str, str]]:
    """The attributes of every element called ``tag``; parsing fails where the figure is not well formed."""
    return [dict(e.attrib) for e in ElementTree.fromstring(svg).iter(tag)]


def percents(element: dict[str, str], *names: str) -> list[float]:
    return [float(element[n].removesuffix("%")) for n in names]


def test_a_scale_holds_everything_with_a_little_room() -> None:
    scale = Scale.over([70.0, None, 700.0])
    assert scale.days == pytest.approx(742.0)  # 6 percent of room
    assert (scale.at(0.0), scale.at(371.0), scale.at(9_999.0)) == (0.0, 50.0, 100.0)
    assert Scale.over([]).days == 7.0


@pytest.mark.parametrize(
    ("weeks", "ticks"),
    [(5, (0, 1, 2, 3, 4, 5)), (30, (0, 4, 8, 12, 16, 20, 24, 28)), (104, (0, 13, 26, 39, 52, 65, 78, 91, 104))],
)
def test_an_axis_has_at_most_nine_marks(weeks: int, ticks: tuple[int, ...]) -> None:
    assert Scale(weeks * 7.0).ticks == ticks
    texts = [e.text for e in ElementTree.fromstring(axis(Scale(weeks * 7.0), "weken")).iter("text")]
    assert texts == [str(t) for t in ticks]


def test_a_strip_has_a_segment_for_each_step_one_after_the_other() -> None:
    # 14 + 98 (unknown) + 70 days: 2, 14 and 10 percent of 700 days
    segments = [Segment(14.0, False, "2"), Segment(98.0, True, "?"), Segment(70.0, False, "10")]
    made = strip(segments, 63.0, 273.0, SCALE, "een weg", 84.0)
    rects = elements(made, "rect")
    assert [percents(r, "x", "width") for r in rects] == [[0.0, 2.0], [2.0, 14.0], [16.0, 10.0]]
    assert [r["class"] for r in rects] == ["rp-segment rp-known-0", "rp-segment rp-unknown", "rp-segment rp-known-0"]
    stations = [percents(c, "cx")[0] for c in elements(made, "circle") if c["class"] == "rp-station"]
    assert stations == [0.0, 2.0, 16.0, 26.0]
    whole = next(e for e in elements(made, "line") if e["class"] == "rp-range")
    assert percents(whole, "x1", "x2") == [9.0, 39.0]
    norm = next(e for e in elements(made, "line") if e["class"] == "rp-norm")
    assert percents(norm, "x1") == [12.0]
    # a number stands only where there is room for it
    assert [e.text for e in ElementTree.fromstring(made).iter("text")] == ["?", "10"]


def test_an_open_end_is_an_arrow_at_the_edge() -> None:
    made = strip([Segment(70.0, False, "10")], 70.0, None, SCALE, "of langer")
    assert "rp-range-arrow" in made
    whole = next(e for e in elements(made, "line") if e["class"] == "rp-range")
    assert percents(whole, "x1", "x2") == [10.0, 100.0]
    assert "rp-range-arrow" not in strip([Segment(70.0, False, "10")], 70.0, 70.0, SCALE, "")
    assert "rp-range-arrow" in bar(Wait("totaal", 70.0, 70.0, None), SCALE, "")


@pytest.mark.parametrize(
    ("wait", "look"),
    [
        (Wait("aanmeldwachttijd", 56.0, 70.0, 84.0), "rp-span rp-known"),
        (Wait("aanmeldwachttijd", 14.0, 98.0, 182.0, assumed=True), "rp-span rp-unknown"),
        (Wait("aanmeldwachttijd", 14.0, 98.0, 182.0, assumed=True, outdated=True), "rp-span rp-old"),
    ],
)
def test_a_bar_of_a_wait_says_how_sure_it_is(wait: Wait, look: str) -> None:
    made = bar(wait, SCALE, "naam", 28.0, 42.0)
    (rect,) = elements(made, "rect")
    assert rect["class"] == look
    assert percents(rect, "x", "width") == pytest.approx([wait.low / 7, (wait.high - wait.low) / 7])  # type: ignore[operator]
    lines = {e["class"]: percents(e, "x1")[0] for e in elements(made, "line")}
    assert (lines["rp-norm"], lines["rp-target"]) == (4.0, 6.0)
    # what is expected is drawn of a known wait only
    assert lines.get("rp-expected") == (10.0 if wait.known else None)


def test_a_stop_is_a_sign_and_no_bar() -> None:
    made = bar(Wait("aanmeldwachttijd", closed=True), SCALE, "naam")
    assert elements(made, "rect") == []
    assert "rp-stop" in made


def test_ages_are_cut_at_the_ends_of_the_strip() -> None:
    made = ages([(0, 48, "covered"), (216, 999, "way-nothing")], 24, 240, "leeftijden")
    frame, *spans = elements(made, "rect")
    assert percents(frame, "x", "width") == [0.0, 100.0]
    # 24 to 48 and 216 to 240 months of 216: a ninth each
    assert [percents(s, "x", "width") for s in spans] == [[0.0, 11.11], [88.89, 11.11]]
    marks = [percents(e, "x1")[0] for e in elements(made, "line")]
    assert marks == [11.11, 55.56, 88.89]  # 4, 12 and 18 years


def test_labels_are_texts() -> None:
    attack = '"><script>boom()</script>'
    for made in (bar(Wait("totaal", 1.0, 1.0, 1.0), SCALE, attack), ages([], 0, 12, attack), axis(SCALE, attack)):
        assert ElementTree.fromstring(made).attrib["aria-label"] == attack
        assert "<script" not in made
    assert "<b>" not in strip([Segment(700.0, False, "<b>")], 0, 0, SCALE, "")


def test_no_figure_has_a_style_of_its_own() -> None:
    # the content security policy forbids it
    made = [bar(Wait("totaal", 1.0, 1.0, 1.0), SCALE, ""), axis(SCALE, ""), ages([(0, 12, "covered")], 0, 24, "")]
    made += [sample(kind) for kind in ("known", "unknown", "stop", "norm", "target", "range", "expected", "way-ok")]
    assert not any(re.search(r"\sstyle=", svg) for svg in made)
