"""JSON-LD, read in a process of its own that is ended at a time limit.

A megabyte of JSON-LD can keep a reader busy for hours (each thing with a context of its own beside a large one), without
giving a triple at which one could stop. The process has no way to fetch a context either.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from typing import IO, Any, Final

#: Seconds that a file may take; 64 MB of plain JSON-LD takes a fraction of it.
TIME_LIMIT: Final = 120.0


class ApartError(Exception):
    """The file is no JSON-LD: why, and the line (0 where it is not known)."""

    def __init__(self, why: str, line: int) -> None:
        super().__init__(why)
        self.why = why
        self.line = line


def read_apart(file: IO[bytes], base: str, most: int, seconds: float) -> Any:
    """The quads of a JSON-LD file.

    Raises ApartError where it is none, TimeoutError after ``seconds``, OverflowError when it unpacks to more than
    ``most`` signs.
    """
    import pyoxigraph as ox

    command = [sys.executable, "-I", "-c", _CHILD, base, str(most)]
    try:
        done = subprocess.run(command, input=file.read(), capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(seconds) from error
    if done.returncode == _TOO_LARGE:
        raise OverflowError(most)
    if done.returncode == _NO_JSON_LD:
        why, line = json.loads(done.stderr)
        raise ApartError(why, line)
    if done.returncode != 0:
        raise ApartError(done.stderr.decode(errors="replace").strip().rpartition("\n")[2], 0)
    return ox.parse(io.BytesIO(done.stdout), format=ox.RdfFormat.N_QUADS)


_TOO_LARGE: Final = 4
_NO_JSON_LD: Final = 5
#: The child knows nothing of routekaart: it reads JSON-LD and writes N-Quads.
_CHILD: Final = f"""
import json, sys
import pyoxigraph as ox
most = int(sys.argv[2])
def bounded(quads):
    signs = 0
    for quad in quads:
        signs += len(str(quad))
        if signs > most:
            sys.exit({_TOO_LARGE})
        yield quad
try:
    quads = ox.parse(sys.stdin.buffer, format=ox.RdfFormat.JSON_LD, base_iri=sys.argv[1])
    ox.serialize(bounded(quads), sys.stdout.buffer, format=ox.RdfFormat.N_QUADS)
except SyntaxError as error:
    sys.stderr.write(json.dumps([error.msg or str(error), error.lineno or 0]))
    sys.exit({_NO_JSON_LD})
"""
