"""Findings in order, bounded, and by kind: the most useful to mend first."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routekaart.loaders.codes import CODES
from routekaart.loaders.findings import MOST_ALIKE, Finding, by_kind, counted, in_order
from routekaart.ontology.catalogue import sentences

CODE = st.sampled_from(sorted(set(CODES) - {"many-alike"}))
FINDING = st.builds(
    Finding,
    CODE,
    st.sampled_from(["a.csv", "b.xlsx"]),
    st.sampled_from([None, "Blad1"]),
    st.sampled_from([None, 2, 3, 10]),
    st.sampled_from([None, "naam"]),
    st.sampled_from([None, "x"]),
)


@given(st.lists(FINDING, max_size=40), st.randoms())
def test_the_order_does_not_depend_on_the_order_of_reading(findings: list[Finding], chance: random.Random) -> None:
    other = list(findings)
    chance.shuffle(other)
    assert in_order(other) == in_order(findings)
    assert set(in_order(findings)) == set(findings)


@given(st.lists(FINDING, max_size=40))
def test_kinds_hold_every_finding_once_and_the_severe_come_first(findings: list[Finding]) -> None:
    kinds = by_kind(in_order(findings))
    assert Counter(f for k in kinds for f in k.findings) == Counter(set(findings))
    severities = ["fout waarschuwing opmerking".split().index(CODES[k.code]) for k in kinds]
    assert severities == sorted(severities)


def test_what_costs_a_file_goes_before_what_costs_a_cell() -> None:
    findings = [*(Finding("bad-value", "a.csv", row=r, value=str(r)) for r in range(2, 9)), Finding("no-header", "b.csv")]
    assert [k.code for k in by_kind(in_order(findings))] == ["no-header", "bad-value"]


def test_more_of_the_same_is_counted_and_not_listed() -> None:
    number = MOST_ALIKE + 234
    findings = in_order(
        [Finding("bad-value", "a.csv", row=r, column="peildatum", value=f"ooit {r}") for r in range(2, number + 2)]
    )
    assert len(findings) == MOST_ALIKE + 1
    assert [f.row for f in findings[:3]] == [2, 3, 4]
    assert "234" in findings[-1].message()
    assert "Waarde niet te lezen" in findings[-1].message()
    (kind,) = by_kind(findings)
    assert kind.number == number
    assert counted(findings)["fout"] == number


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_kind_has_a_title_a_sentence_and_a_cure(code: str) -> None:
    for part in ("title", "message", "cure"):
        assert f"findings.{code}.{part}" in sentences()
    for lang in ("nl", "en"):
        title = sentences()[f"findings.{code}.title"][lang]
        assert len(title) <= 60
        assert not title.endswith(".")
