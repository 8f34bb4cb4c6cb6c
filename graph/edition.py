"""A build on disk: a folder that appears whole or not at all, and says what made it.

``OUT/`` holds ``routekaart.json`` (the manifest), ``tables/*.parquet``, ``graph.nt``, ``withheld.nt``,
``findings.json`` and, once asked for, ``store/`` (Oxigraph). Everything but the store is the same bytes
for the same input.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from .. import __version__
from ..ontology.catalogue import ToldError
from .landscape import Landscape
from .schema import FORMAT, TABLES
from .stores import parquet
from .stores.neo4j.address import Address, is_address

if TYPE_CHECKING:
    from .stores.neo4j.pull import ServerEdition

Place = str | Path
"""Where an edition stands: a folder, or the URI of a database."""

MANIFEST: Final = "routekaart.json"
FINDINGS: Final = "findings.json"
STORE: Final = "store"
TABLES_FOLDER: Final = "tables"
#: Above this many triples the store is loaded on the first query instead of at build (a region stays far below).
STORE_AT_BUILD: Final = 400_000


class EditionError(ToldError):
    """A folder that cannot be used as a build."""


@dataclass(frozen=True)
class Edition:
    """An opened build."""

    path: Path
    manifest: Mapping[str, Any]

    def landscape(self) -> Landscape:
        """The tables (OSError when the disk refuses, EditionError when they are not there)."""
        try:
            return parquet.read(self.path / TABLES_FOLDER)
        except FileNotFoundError as error:
            raise EditionError("edition-damaged", path=self.path) from error

    def report(self) -> dict[str, Any]:
        """What ``check`` said of the build: findings and counts, as JSON objects."""
        said: dict[str, Any] = json.loads((self.path / FINDINGS).read_text("utf-8"))
        return said

    def findings(self) -> list[dict[str, Any]]:
        """The findings of the build, as JSON objects."""
        found: list[dict[str, Any]] = self.report()["findings"]
        return found

    def store(self) -> Path:
        """The Oxigraph folder; loaded now if this is the first question."""
        from .stores import oxigraph

        folder = self.path / STORE
        if not folder.is_dir():
            with atomic_folder(folder) as making:
                oxigraph.load(self.path, making)
        return folder


def open_edition(place: Place) -> Edition | ServerEdition:
    """The build in a folder, or what was pushed to the database whose URI (``neo4j://…``) this is.

    Raises EditionError when there is none, it is damaged, or another version of routekaart made it; Neo4jError for a database.
    """
    if is_address(str(place)):
        from .stores.neo4j.pull import open_edition as open_pushed

        return open_pushed(Address.of(str(place)))
    return open_build(Path(place))


def open_build(path: Path) -> Edition:
    """The build in the folder ``path`` (EditionError when there is none, or it is damaged or another version's)."""
    recover(path)
    if not path.exists():
        raise EditionError("no-edition", path=path)
    return _opened(path)


def _opened(path: Path) -> Edition:
    manifest = path / MANIFEST
    if not manifest.is_file():
        raise EditionError("not-an-edition", path=path)
    try:
        says = json.loads(manifest.read_text("utf-8"))
    except ValueError as error:
        raise EditionError("edition-damaged", path=path) from error
    if not isinstance(says, dict) or says.get("format") != FORMAT:
        made_by = says.get("version", "?") if isinstance(says, dict) else "?"
        raise EditionError("other-version", path=path, made_by=made_by, version=__version__)
    return Edition(path, says)


def standing(place: Place) -> Edition | ServerEdition | None:
    """The build that stands at ``place`` now, None when there is none; nothing on the disk is touched.

    A build whose replacement was cut off halfway still stands beside it, under another name.
    """
    if is_address(str(place)):
        return open_edition(place)
    path = Path(place)
    old = _old(path)
    where = old if old.is_dir() and not path.exists() else path
    return _opened(where) if where.is_dir() and any(where.iterdir()) else None


def occupied(path: Path) -> bool:
    """Whether something stands at ``path`` that a build may not replace."""
    return path.exists() and not (path / MANIFEST).is_file() and (not path.is_dir() or any(path.iterdir()))


def write_edition(
    landscape: Landscape,
    report: Mapping[str, Any],
    path: Path,
    *,
    store: bool = True,
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> Edition:
    """Write a build to ``path``, replacing an earlier one in a single step.

    ``report`` is what ``check`` says (findings and counts). Raises EditionError when ``path`` holds
    something that is no build, OSError when the disk refuses; the old build then stands untouched.
    """
    from .stores import oxigraph, rdf

    recover(path)
    if occupied(path):
        raise EditionError("would-overwrite", path=path)
    with atomic_folder(path) as making:
        progress("write-tables", 0, 3)
        parquet.write(landscape, making / TABLES_FOLDER)
        progress("write-rdf", 1, 3)
        triples = rdf.write(landscape, making)
        settings = landscape.settings
        manifest = {
            "format": FORMAT,
            "version": __version__,
            "name": settings.name,
            "title": settings.title,
            "reference_date": settings.reference_date,
            "triples": triples,
            "rows": {name: landscape[name].height for name in TABLES},
        }
        _write_json(making / FINDINGS, report)
        _write_json(making / MANIFEST, manifest)
        if store and triples <= STORE_AT_BUILD:
            progress("load-store", 2, 3)
            (making / STORE).mkdir()
            oxigraph.load(making, making / STORE)
    return Edition(path, manifest)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8", newline="\n")


# --- whole or not at all ---------------------------------------------------------------------------
def _old(path: Path) -> Path:
    return path.with_name(f".{path.name}.vorige")


def recover(path: Path) -> None:
    """Put back the old folder if a replacement was cut off between its two renames."""
    old = _old(path)
    if old.is_dir() and not path.exists():
        old.rename(path)


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """A new folder beside ``path`` that takes its place when the block ends well, and vanishes when not."""
    path = path.absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=f".{path.name}.{os.getpid()}.", suffix=".bezig", dir=path.parent))
    try:
        making.chmod(0o755)
        yield making
        _flush(making)
        old = _old(path)
        if old.exists():
            shutil.rmtree(old)
        if path.exists():
            path.rename(old)
        making.rename(path)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(making, ignore_errors=True)
        _sweep(path)


def _sweep(path: Path) -> None:
    """Remove what a killed build left beside ``path``; the folder of a build that still runs stays."""
    for left in path.parent.glob(f".{path.name}.*.bezig"):
        maker = left.name.removeprefix(f".{path.name}.").partition(".")[0]
        if maker.isdigit() and not is_running(int(maker)):
            shutil.rmtree(left, ignore_errors=True)


def is_running(process: int) -> bool:
    """Whether a process with this id exists; only POSIX can ask that without harm."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _flush(folder: Path) -> None:
    """Everything on the disk before the rename says so."""
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("r+b") as handle:  # Windows flushes only what may be written
                os.fsync(handle.fileno())
