"""M.toml → what the columns of a log mean: who, from where to where, when, and how its words are ours."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Given
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ...graph.landscape import DEFAULTS, UNITS
from ...ontology.catalogue import ToldError
from ...ontology.concepts import folded
from ..nearest import nearest
from ..values import Unreadable, iso_date
from .moments import FORMS

#: What a column can mean, by the words that the mapping may use for it.
MEANINGS: Final[Given[str, tuple[str, ...]]] = {
    "case": ("casus", "case"),
    "from": ("van", "from"),
    "to": ("naar", "to"),
    "organisation": ("organisatie", "organisation"),
    "referred": ("verwezen", "referred"),
    "started": ("gestart", "started"),
    "time": ("tijd", "time"),
    "sequence": ("volgorde", "sequence"),
    "municipality": ("gemeente", "municipality"),
    "age": ("leeftijd", "age"),
    "theme": ("thema", "theme"),
    "outcome": ("uitkomst", "outcome"),
}
_SECTIONS: Final = {
    "log": ("log",),
    "columns": ("kolommen", "columns"),
    "organisations": ("organisaties", "organisations"),
    "municipalities": ("gemeenten", "municipalities"),
    "themes": ("themas", "themes"),
    "outcomes": ("uitkomsten", "outcomes"),
}
_SETTINGS: Final = {
    "source": ("bron", "source"),
    "reference_date": ("peildatum", "reference_date"),
    "date_form": ("datumvorm", "date_form"),
    "unit": ("eenheid", "unit"),
    "threshold": ("drempel", "threshold"),
    "ages": ("leeftijdsgroepen", "age_bands"),
    "unknown_after_weeks": ("onbekend_na_weken", "unknown_after_weeks"),
}


class MappingError(ToldError):
    """A mapping that does not say what is needed, or says it in a way that is not understood."""


@dataclass(frozen=True)
class Mapping:
    """What the columns and words of a log mean.

    ``columns``: our word for a column (a key of :data:`MEANINGS`) → its header. ``organisations``, ``municipalities``,
    ``themes``, ``outcomes``: what is written → an endpoint or outcome, a municipality, a theme, an outcome; "" for
    what says nothing. ``ages``: where age bands begin and the last one ends, in months. ``unknown_after_weeks``: a family
    that was referred longer ago than this, and of which nothing was registered since, went nobody knows where.
    """

    columns: Given[str, str]
    source: str
    reference_date: str | None = None
    date_form: str | None = None
    unit: str = DEFAULTS["unit"]
    threshold: int = DEFAULTS["threshold"]
    ages: tuple[int, ...] = (0, 48, 144, 216, 276)
    unknown_after_weeks: int = 52
    organisations: Given[str, str] = field(default_factory=dict)
    municipalities: Given[str, str] = field(default_factory=dict)
    themes: Given[str, str] = field(default_factory=dict)
    outcomes: Given[str, str] = field(default_factory=dict)

    @property
    def by_step(self) -> bool:
        """Whether a row is a step of a case (an organisation and a time), not a referral from one to another."""
        return "organisation" in self.columns


def read_mapping(path: Path) -> Mapping:
    """The mapping in ``path``. Raises MappingError (with the cure) when it cannot be used, OSError when it cannot be read."""
    if not path.is_file():
        raise MappingError("log-no-mapping", value=path)
    try:
        given = tomllib.loads(path.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingError("log-mapping-broken", path=path, why=error) from error
    reader = _Reader(path)
    sections = reader.known("", given, _SECTIONS)
    columns = reader.words(sections, "columns", MEANINGS)
    reader.complete(columns)
    settings = reader.known("log.", reader.section(sections, "log"), _SETTINGS)
    return Mapping(
        columns,
        **reader.settings(settings, path.stem),
        organisations=reader.texts(sections, "organisations"),
        municipalities=reader.texts(sections, "municipalities"),
        themes=reader.texts(sections, "themes"),
        outcomes=reader.texts(sections, "outcomes"),
    )


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path

    def bad(self, key: str, value: object, why: str) -> MappingError:
        return MappingError(why, path=self.path, key=key, value=value)

    def known(self, where: str, given: Given[str, Any], names: Given[str, tuple[str, ...]]) -> dict[str, Any]:
        """The given values by our name for them; a key that is none of ours is a mistake."""
        ours = {folded(word): name for name, words in names.items() for word in words}
        found: dict[str, Any] = {}
        for key, value in given.items():
            name = ours.get(folded(key))
            if name is None:
                near = nearest(folded(key), ours, alike=60)
                known = ", ".join(words[0] for words in names.values())
                raise self.bad(f"{where}{key}", near[0] if near else known, "log-mapping-key")
            found[name] = value
        return found

    def section(self, sections: Given[str, Any], name: str) -> Given[str, Any]:
        value = sections.get(name, {})
        if not isinstance(value, dict):
            raise self.bad(_SECTIONS[name][0], value, "log-mapping-value")
        return value

    def texts(self, sections: Given[str, Any], name: str) -> dict[str, str]:
        found = self.section(sections, name)
        for key, value in found.items():
            if not isinstance(value, str):
                raise self.bad(f"{_SECTIONS[name][0]}.{key}", value, "log-mapping-value")
        return {key.strip(): value.strip() for key, value in found.items()}

    def words(self, sections: Given[str, Any], name: str, names: Given[str, tuple[str, ...]]) -> dict[str, str]:
        texts = self.texts(sections, name)
        return self.known(f"{_SECTIONS[name][0]}.", texts, names)

    def complete(self, columns: Given[str, str]) -> None:
        """A referral has a case, a from, a to and a day; a step a case, an organisation and a time."""
        step = "organisation" in columns
        needed = ("case", "organisation", "time") if step else ("case", "to", "referred")
        missing = [MEANINGS[name][0] for name in needed if name not in columns]
        if missing:
            raise self.bad("kolommen", ", ".join(missing), "log-mapping-incomplete")
        both = [
            MEANINGS[name][0]
            for name in (("from", "to", "referred", "started") if step else ("time", "sequence"))
            if name in columns
        ]
        if both:
            raise self.bad("kolommen", ", ".join(both), "log-mapping-both")

    def settings(self, given: Given[str, Any], fallback: str) -> dict[str, Any]:
        found: dict[str, Any] = {"source": fallback}
        for name, value in given.items():
            try:
                found[name] = getattr(self, f"_{name}")(value)
            except (TypeError, ValueError, Unreadable) as error:
                raise self.bad(f"log.{_SETTINGS[name][0]}", value, "log-mapping-value") from error
        return found

    @staticmethod
    def _source(value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise ValueError(value)
        return value.strip()

    @staticmethod
    def _reference_date(value: object) -> str:
        day = iso_date(str(value))
        if len(day) != len("2026-01-31"):
            raise ValueError(value)
        return day

    @staticmethod
    def _date_form(value: object) -> str:
        form = str(value).casefold().replace("/", "-").replace(".", "-").replace("y", "j")
        if form not in FORMS:
            raise ValueError(value)
        return form

    @staticmethod
    def _unit(value: object) -> str:
        if value not in UNITS:
            raise ValueError(value)
        return str(value)

    @staticmethod
    def _threshold(value: object) -> int:
        return _whole(value, least=0)

    @staticmethod
    def _unknown_after_weeks(value: object) -> int:
        return _whole(value, least=1)

    @staticmethod
    def _ages(value: object) -> tuple[int, ...]:
        if not isinstance(value, list) or len(value) < 2:
            raise ValueError(value)
        years = [_whole(v, least=0) for v in value]
        if years != sorted(set(years)) or years[-1] > 100:
            raise ValueError(value)
        return tuple(12 * y for y in years)


def _whole(value: object, *, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(value)
    return value
