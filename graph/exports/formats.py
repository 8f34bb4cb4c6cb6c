"""Every form in which a build can be taken along: its name, the module that writes it, and its ending.

A module has ``export(landscape, name, out, lang)``; one that writes several files has ``files(landscape, lang)``
instead, which gives (name, content) one after the other: a folder, or one .zip. Modules are read when asked for.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ..landscape import Landscape

#: The first day that a .zip can tell of: the same bytes for the same input.
_DAY: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Format:
    """One form: the module of this room that writes it, how its file ends, and whether it is several files."""

    module: str
    ending: str
    several: bool = False


FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        "ttl": Format("rdf", "ttl"),
        "trig": Format("rdf", "trig"),
        "nq": Format("rdf", "nq"),
        "jsonld": Format("rdf", "jsonld"),
        "graphml": Format("graphml", "graphml"),
        "gexf": Format("gexf", "gexf"),
        "kumu": Format("kumu", "json"),
        "hsds": Format("hsds", "json"),
        "csv": Format("tables", "zip", several=True),
        "cypher": Format("cypher", "cypher"),
    }
)


def export(landscape: Landscape, name: str, out: IO[bytes], lang: str = "nl") -> None:
    """Write the landscape as format ``name`` of :data:`FORMATS` (several files: as one .zip).

    Counts of families below the threshold are withheld in all of them. ``lang`` is the language of labels, where the
    format has labels. Raises KeyError for a format that does not exist.
    """
    if FORMATS[name].several:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for file, content in files(landscape, name, lang):
                about = zipfile.ZipInfo(file, _DAY)
                about.compress_type = zipfile.ZIP_DEFLATED
                about.external_attr = 0o644 << 16
                archive.writestr(about, content)
        return
    import_module(f".{FORMATS[name].module}", __package__).export(landscape, name, out, lang)


def files(landscape: Landscape, name: str, lang: str = "nl") -> Iterator[tuple[str, bytes]]:
    """The files of a format that is several of them: (name, content), one after the other."""
    yield from import_module(f".{FORMATS[name].module}", __package__).files(landscape, lang)
