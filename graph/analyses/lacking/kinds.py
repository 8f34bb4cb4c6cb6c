"""Every kind of gap, in the order in which they are told: what helps a family first, the upkeep of the lists last."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from . import bridging, contacts, offered, upkeep
from .parts import Asked, Gap

KINDS: Final[Mapping[str, Callable[[Asked], Iterator[Gap]]]] = MappingProxyType(
    {
        contacts.NO_FIRST_CONTACT: contacts.no_first_contact,
        offered.NO_WAY_TO_FREE: offered.no_way_to_free,
        bridging.NO_BRIDGING: bridging.no_bridging,
        bridging.NO_STEP_DOWN: bridging.no_step_down,
        offered.ONLY_ELSEWHERE: offered.only_elsewhere,
        contacts.MISSING_ROLE: contacts.missing_role,
        contacts.NO_CONTACT: contacts.no_contact,
        offered.MUCH_HEAVY: offered.much_heavy,
        contacts.NAMED_BY_ONE: contacts.named_by_one,
        upkeep.OUTDATED: upkeep.outdated_waits,
        upkeep.UNVERIFIED: upkeep.unverified,
    }
)
"""How each kind (slug) is found."""


def gaps_of(asked: Asked, kinds: Collection[str] = ()) -> tuple[Gap, ...]:
    """All gaps of some ``kinds`` (of all without any), kind by kind."""
    return tuple(found for kind, look in KINDS.items() if not kinds or kind in kinds for found in look(asked))
