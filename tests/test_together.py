"""How tests are spread over workers (conftest.py): those that share a server stay on one worker, all others are stolen as before."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

CONFTEST = """
from __future__ import annotations
from typing import Any
import pytest

TOGETHER = {together!r}

{hook}
"""
SERVER = """
import os
import pathlib
import time
import pytest

@pytest.mark.parametrize("number", range(6))
def test_on_a_server(number):
    with pathlib.Path(os.environ["SPREAD"]).open("a") as file:
        print(os.environ["PYTEST_XDIST_WORKER"], "server", number, file=file)
    if number == int(os.environ["CRASH"]):
        os._exit(1)
    time.sleep(0.2)  # the slowest and the last: work stealing alone would share these out
"""
OTHER = """
import os
import pathlib
import time
import pytest

@pytest.mark.parametrize("number", range(60))
def test_of_another_kind(number):
    with pathlib.Path(os.environ["SPREAD"]).open("a") as file:
        print(os.environ["PYTEST_XDIST_WORKER"], "other", number, file=file)
    time.sleep(0.02)
"""


@pytest.mark.parametrize(
    ("crash", "workers", "told"),
    [pytest.param(-1, 1, "66 passed", id="all is well"), pytest.param(2, 2, "1 failed, 65 passed", id="a worker crashes")],
)
def test_tests_on_a_server_stay_on_one_worker(
    request: pytest.FixtureRequest, tmp_path: Path, crash: int, workers: int, told: str
) -> None:
    (ours,) = [plugin for plugin in request.config.pluginmanager.get_plugins() if hasattr(plugin, "TOGETHER")]
    hook = inspect.getsource(ours.pytest_xdist_make_scheduler)  # alone: each worker would read all that conftest.py imports
    (tmp_path / "conftest.py").write_text(CONFTEST.format(together=ours.TOGETHER, hook=hook), "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib -n 2 --dist worksteal\n", "utf-8")
    for folder, text in (("alpha", OTHER), ("server", SERVER)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"test_{folder}.py").write_text(text, "utf-8")
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", str(tmp_path), "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={**env, "SPREAD": str(tmp_path / "spread.txt"), "CRASH": str(crash)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert told in done.stdout, done.stdout + done.stderr
    ran = [line.split() for line in (tmp_path / "spread.txt").read_text("utf-8").splitlines()]
    # every test once, whatever was stolen
    assert Counter((kind, number) for _, kind, number in ran) == Counter(
        [("server", str(n)) for n in range(6)] + [("other", str(n)) for n in range(60)]
    )
    order = [worker for worker, kind, _ in ran if kind == "server"]
    assert len(set(order)) == workers
    assert order == sorted(order, key=order.index)  # one worker after the other, never in turns
    assert len({worker for worker, kind, _ in ran if kind == "other"}) > 1
