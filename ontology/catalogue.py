"""The one catalogue of sentences that users read, in Dutch and English (texts/*.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

LANGUAGES: Final = ("nl", "en")


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """Every sentence by its key (``file.section.name``), then by language."""
    found: dict[str, Mapping[str, str]] = {}
    for entry in sorted((files(__package__) / "texts").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            found.update(_file(entry.name.removesuffix(".toml")))
    return MappingProxyType(found)


@cache
def _file(name: str) -> Mapping[str, Mapping[str, str]]:
    """The sentences of one file: most calls need few of them, and reading all takes longer than many an answer."""
    found: dict[str, Mapping[str, str]] = {}
    path = files(__package__) / "texts" / f"{name}.toml"
    if path.is_file():
        _collect(name, tomllib.loads(path.read_text("utf-8")), found)
    return MappingProxyType(found)


def _collect(prefix: str, node: Mapping[str, object], found: dict[str, Mapping[str, str]]) -> None:
    if set(node) == set(LANGUAGES):
        found[prefix] = MappingProxyType({lang: str(node[lang]) for lang in LANGUAGES})
        return
    for name, below in node.items():
        if not isinstance(below, Mapping):
            raise ValueError(f"{prefix}.{name}: a sentence needs nl and en")
        _collect(f"{prefix}.{name}", below, found)


class ToldError(Exception):
    """Something went wrong that the reader can do something about.

    ``code`` names the sentence (``errors.<code>``) and ``values`` fill it; ``outside`` says that not the
    call but something outside failed (a disk, a time limit).
    """

    def __init__(self, code: str, *, outside: bool = False, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.outside = outside
        self.values = values

    def told(self, lang: str) -> str:
        """The sentence, with its cure."""
        return text(f"errors.{self.code}", lang, **self.values)

    def __str__(self) -> str:
        return self.told("en")


def text(key: str, lang: str = "nl", /, **values: object) -> str:
    """The sentence ``key`` in ``lang`` with its places filled (KeyError when there is none)."""
    return _file(key.partition(".")[0])[key][lang].format(**values)
