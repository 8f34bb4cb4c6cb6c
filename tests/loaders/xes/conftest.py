"""What the tests of XES share: a log as it was read, and the two ways to read it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from routekaart.loaders.xes import reading
from routekaart.loaders.xes.held import Tally
from routekaart.loaders.xes.reading import USUAL, batches


class Read:
    """A file read in one of the ways: ``rows`` as tuples with the line first, and the counts."""

    def __init__(self, path: Path, wanted: tuple[str, ...] = USUAL) -> None:
        self.tally = Tally()
        self.rows: list[tuple[Any, ...]] = []
        for batch in batches(path, wanted, self.tally):
            assert tuple(batch) == ("__row", *wanted)
            self.rows += list(zip(*batch.values(), strict=True))


@pytest.fixture
def reads(tmp_path: Path) -> Any:
    def read(text: str | bytes, wanted: tuple[str, ...] = USUAL) -> Read:
        path = tmp_path / "log.xes"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return Read(path, wanted)

    return read


@pytest.fixture(params=["quick", "careful"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "careful":
        monkeypatch.setattr(reading, "_is_utf8", lambda piece: False)
    return str(request.param)
