"""Every kind of gap, in the order in which they are told: what helps a family first, the upkeep of the lists last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from . import gap_bridging, gap_contacts, gap_offers, gap_upkeep
from .gap_parts import Asked, Gap

KINDS: Final[Mapping[str, Callable[[Asked], Iterator[Gap]]]] = MappingProxyType(
    {
        gap_contacts.NO_FIRST_CONTACT: gap_contacts.no_first_contact,
        gap_offers.NO_WAY_TO_FREE: gap_offers.no_way_to_free,
        gap_bridging.NO_BRIDGING: gap_bridging.no_bridging,
        gap_bridging.NO_STEP_DOWN: gap_bridging.no_step_down,
        gap_offers.ONLY_ELSEWHERE: gap_offers.only_elsewhere,
        gap_contacts.MISSING_ROLE: gap_contacts.missing_role,
        gap_contacts.NO_CONTACT: gap_contacts.no_contact,
        gap_offers.MUCH_HEAVY: gap_offers.much_heavy,
        gap_contacts.NAMED_BY_ONE: gap_contacts.named_by_one,
        gap_upkeep.OUTDATED: gap_upkeep.outdated_waits,
        gap_upkeep.UNVERIFIED: gap_upkeep.unverified,
    }
)
"""How each kind (slug) is found."""


def gaps_of(asked: Asked) -> tuple[Gap, ...]:
    """All gaps, kind by kind."""
    return tuple(found for look in KINDS.values() for found in look(asked))
