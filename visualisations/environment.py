"""The templates of all pages: every text is escaped, a name that is not given is an error."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined


@cache
def environment() -> Environment:
    """The environment of Jinja2 with our templates."""

    def load(name: str) -> str:
        return files(__package__).joinpath("templates", name).read_text("utf-8")

    return Environment(
        loader=FunctionLoader(load),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
