"""Where the rows of a table hold, turned round: the rows of each municipality."""

from __future__ import annotations

from collections.abc import Collection, Iterable


class Areas:
    """Where rows hold: their places by each code or word (regio, landelijk) that their cells name.

    ``cells`` are pairs of place and cell. ``region`` are the codes of the region, none when it did not say which;
    :func:`profile.covers` says the same of one cell.
    """

    def __init__(self, cells: Iterable[tuple[int, Collection[str] | None]], region: Collection[str]) -> None:
        self._region = region
        self._naming: dict[str, list[int]] = {}
        #: The rows whose cell says nothing.
        self.silent: list[int] = []
        for place, cell in cells:
            if cell is None:
                self.silent.append(place)
            else:
                for word in cell:
                    self._naming.setdefault(word, []).append(place)

    def in_region(self, municipality: str) -> bool:
        """Whether the municipality (code) is of the region, as far as that said which are."""
        return not self._region or municipality in self._region

    def naming(self, municipality: str) -> set[int]:
        """The rows whose cell holds the municipality (code), by itself or in a word."""
        words = [municipality, "landelijk", *(["regio"] if self.in_region(municipality) else [])]
        return {place for word in words for place in self._naming.get(word, ())}

    def taken(self, municipality: str) -> set[int]:
        """The rows that hold in the municipality where a silent one is taken as the whole region."""
        return self.naming(municipality) | set(self.silent if self.in_region(municipality) else ())
