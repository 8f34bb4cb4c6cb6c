"""A private folder for what does not fit in memory; it holds what is in the log, so it is removed whatever happens."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from ...graph.edition import is_running

_PREFIX: Final = "routekaart-log"


@contextmanager
def private_folder() -> Iterator[Path]:
    """A new folder that only this user can read; gone when the block ends, well or not, also when the process is asked to stop.

    What a killed process left behind is removed by the next one.
    """
    home = Path(tempfile.gettempdir())
    _sweep(home)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}.{os.getpid()}.", dir=home))
    try:
        with _stopped_politely():
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(home: Path) -> None:
    for left in home.glob(f"{_PREFIX}.*"):
        maker = left.name.split(".")[1]
        if maker.isdigit() and not is_running(int(maker)):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _stopped_politely() -> Iterator[None]:
    """A request to stop (SIGTERM) ends the block as an interrupt does, so that what is on the disk is removed.

    DuckDB makes a RuntimeError of its own of being interrupted at work; what was asked is raised in its stead.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    asked: list[BaseException] = []

    def stop(number: int, frame: FrameType | None) -> None:
        asked.append(KeyboardInterrupt() if number == signal.SIGINT else SystemExit(128 + number))
        raise asked[-1]

    before = {signal.SIGTERM: signal.signal(signal.SIGTERM, stop)}
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        before[signal.SIGINT] = signal.signal(signal.SIGINT, stop)
    try:
        yield
    except RuntimeError:
        if asked:
            raise asked[0] from None
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
