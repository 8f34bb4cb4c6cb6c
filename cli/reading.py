"""Opening what a command is asked about: a build in a folder or what stands in a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .language import say
from .output import number, remark

if TYPE_CHECKING:
    from ..graph.edition import Edition, Place
    from ..graph.landscape import Landscape
    from ..graph.stores.neo4j.pull import ServerEdition


def open_edition(out: Place) -> Edition | ServerEdition:
    """The edition at ``out``; where a database lacks small counts of families, that is said."""
    from ..graph import edition

    opened = edition.open_edition(out)
    left_out = 0 if isinstance(opened, edition.Edition) else opened.left_out
    if left_out:
        remark(say("neo4j.left_out", number=number(left_out)))
    return opened


def read(out: Place) -> Landscape:
    """The tables of the edition at ``out``."""
    return open_edition(out).landscape()
