"""A wrong call that a command itself finds."""

from __future__ import annotations

from .language import say


class CallError(Exception):
    """A sentence from the catalogue and its exit code (2: wrong call, 3: something outside failed)."""

    def __init__(self, code: str, *, exit_code: int = 2, **values: object) -> None:
        super().__init__(say(f"errors.{code}", **values))
        self.exit_code = exit_code
