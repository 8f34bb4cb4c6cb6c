"""Case folders: input as partners send it, and (in NAME.json beside it) exactly what comes of it."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from routekaart.loaders.read import read

CASES = sorted(p for p in (Path(__file__).parents[1] / "cases").iterdir() if p.is_dir())


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
def test_a_case_gives_exactly_what_is_expected(case: Path) -> None:
    expected = json.loads(case.with_suffix(".json").read_text("utf-8"))
    reading = read(case)
    found = [[f.code, f.file, f.row, f.column, f.value] for f in reading.findings]
    assert sorted(found, key=str) == sorted(expected["findings"], key=str)
    counts = {name: [c.read, c.used] for name, c in reading.counts.items() if c.read}
    assert counts == expected["tables"]
    assert reading.refused is expected.get("refused", False)
    for name, cells in expected.get("cells", {}).items():
        table, column = name.split(".")
        # rows are sorted by id as text: R1, R10, R2, …
        assert reading.landscape[table][column].to_list() == cells, name
    for table, rows in expected.get("by_row", {}).items():
        for row, cells in rows.items():
            found_row = reading.landscape[table].filter(pl.col("row") == int(row)).to_dicts()
            assert len(found_row) == 1, f"{table} row {row}"
            for column, value in cells.items():
                assert found_row[0][column] == (pytest.approx(value, abs=1e-5) if isinstance(value, float) else value), (
                    f"{row} {column}"
                )


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.name)
@pytest.mark.parametrize("lang", ["nl", "en"])
def test_every_finding_is_a_sentence_with_a_cure(case: Path, lang: str) -> None:
    for finding in read(case).findings:
        for text in (finding.message(lang), finding.cure(lang)):
            assert text[0].isupper() or text[0] in "'‘“"
            assert text.rstrip()[-1] in ".!?", text
            assert "{" not in text
            assert "None" not in text


def test_no_finding_about_a_person_repeats_what_it_found() -> None:
    for name in ("persons", "citizen-numbers"):
        for finding in read(CASES[0].parent / name).findings:
            told = json.dumps(finding.as_dict())
            for secret in ("devries", "gmail", "12345678", "111222333", "Fatima"):
                assert secret not in told
