"""What a region counts: families, or a unit of its own, in every text that says numbers."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from routekaart.cli.app import run
from routekaart.graph.analyses.common import unit_said
from routekaart.graph.edition import write_edition
from routekaart.loaders.read import Reading


def test_units_in_both_languages() -> None:
    assert (unit_said("gezinnen", "nl"), unit_said("gezinnen", "en")) == ("gezinnen", "families")
    assert unit_said("huishoudens", "en") == "huishoudens"


@pytest.mark.parametrize(
    "command",
    [["bottlenecks"], ["advise", "--gemeente", "Elzerbroek", "-o", "x.md"], ["report", "--gemeente", "Elzerbroek", "--weergave", "coalitie", "-o", "x.html"]],
    ids=["bottlenecks", "advise", "report"],
)  # fmt: skip
def test_a_unit_of_the_regions_own(command: list[str], voorbeeldregio: Reading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    landscape = voorbeeldregio.landscape
    own = landscape.replaced(region=landscape["region"].with_columns(unit=pl.lit("huishoudens")))
    write_edition(own, {"findings": [], "tables": {}}, tmp_path / "uit", store=False)
    monkeypatch.chdir(tmp_path)
    assert run([command[0], "uit", *command[1:]]) == 0
    said = Path(command[-1]).read_text("utf-8") if "-o" in command else capsys.readouterr().out
    assert "huishoudens" in said
