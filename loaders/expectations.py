"""What routekaart.toml says of each file: what it is, who supplies it, how often, how many rows at least."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class SourceSetting:
    """What routekaart.toml says of one file or sheet: its table, header mapping, supplier and rhythm.

    ``fixed`` are values that hold for every row ("vast"), by column.
    """

    table: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    supplier: str | None = None
    every_months: float | None = None
    rows_min: int | None = None
    fixed: Mapping[str, str] = field(default_factory=dict)


Address = tuple[str, str | None]


@dataclass(frozen=True)
class Expectations:
    """Every ``[bestanden.…]`` by file and sheet (None: the file itself); a name may hold * ? [ as a file's does.

    The most exact name counts: the file as written before a pattern, its sheet before the file as a whole.
    """

    given: Mapping[Address, SourceSetting] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Address]:
        return iter(self.given)

    def of(self, file: str, sheet: str | None) -> SourceSetting | None:
        """What is said of a sheet, None when nothing is."""
        found = self.candidates(file, sheet)
        return self.given[found[0]] if found else None

    def candidates(self, file: str, sheet: str | None) -> tuple[Address, ...]:
        """The names that say most exactly what ``sheet`` of ``file`` is; more than one is a doubt, the longest first."""
        ranked: dict[tuple[int, int], list[Address]] = {}
        for name, part in self.given:
            how = _match(name, file), _match(part, sheet)
            if how[0] is not None and how[1] is not None:
                ranked.setdefault((how[0], how[1]), []).append((name, part))
        if not ranked:
            return ()
        return tuple(sorted(ranked[min(ranked)], key=lambda a: (-len(a[0]), -len(a[1] or ""), a[0], a[1] or "")))

    def absent(self, present: Collection[Address]) -> tuple[Address, ...]:
        """The names to which none of the sheets that are ``present`` answers."""
        return tuple(
            (name, part)
            for name, part in self.given
            if not any(_match(name, file) is not None and _match(part, sheet) is not None for file, sheet in present)
        )


def _match(name: str | None, actual: str | None) -> int | None:
    """How ``name`` fits: 0 exactly, 1 as a pattern, 2 because it says nothing; None when it does not."""
    if name is None:
        return 2
    if name == actual:
        return 0
    return 1 if actual is not None and fnmatchcase(actual.casefold(), name.casefold()) else None


def fits(name: str, file: str) -> bool:
    """Whether ``file`` is called ``name``, or answers to it as a pattern."""
    return _match(name, file) is not None
