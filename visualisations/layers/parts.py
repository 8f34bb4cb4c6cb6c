"""What the layers add to the page: their data, their tables, and the view Hiaten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..material import Material
from ..sheets.tables import Sheet
from .content import Layers, layers_data, layers_of
from .gap_table import GapTable, gap_table
from .sheets import SHEETS, layer_sheets


@dataclass(frozen=True, slots=True)
class LayerParts:
    """``data`` goes into the page beside the rest, ``columns`` are those of ``sheets``; ``heat`` is the coalition's only."""

    layers: Layers
    data: Mapping[str, Any]
    columns: Mapping[str, list[str]]
    sheets: tuple[Sheet, ...]
    heat: GapTable | None


def layer_parts(material: Material, number: Mapping[str, int], known_themes: list[list[Any]]) -> LayerParts:
    """The layers of a page; ``number`` is that of everything in it, ``known_themes`` (slug first) its route finder's."""
    layers = layers_of(material)
    data = layers_data(material, layers, number)
    sheets = tuple(layer_sheets(material, layers))
    heat = gap_table(material, layers.gaps) if layers.gaps is not None else None
    if heat is not None:
        data["gaps"] = heat.data({slug for slug, *_ in known_themes}, material.landscape.themes.with_broader)
    return LayerParts(layers, data, {sheet.id: list(SHEETS[sheet.id]) for sheet in sheets}, sheets, heat)
