"""Who may refer to what, by the role scheme: levels, the access of the municipality, and where no decision is needed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from ..ontology.concepts import Scheme

#: The access of the municipality: these roles decide (Jeugdwet 2.3), and every role that may refer anywhere may refer here.
ACCESS: Final = frozenset({"gemeente", "lokaal-team"})
SAFETY: Final = "veiligheid"
_PHYSICIANS: Final = "law-jeugdwet-2-6-1-g"
_UNDER_A_PHYSICIAN: Final = "huisartsenpraktijk"


def levels_of(scheme: Scheme, roles: Collection[str]) -> frozenset[int]:
    """The levels of support that a holder of ``roles`` may refer to."""
    known = [scheme[r] for r in roles if r in scheme]
    return frozenset(int(level) for role in known for level in role.data.get("mayReferTo", ()))


def refers_to_access(scheme: Scheme, roles: Collection[str]) -> bool:
    """Whether a holder of ``roles`` may refer to the access of the municipality, beside its own levels."""
    return any(r in scheme and scheme[r].says("mayReferToAccess") for r in roles)


def refers_straight(scheme: Scheme, roles: Collection[str]) -> bool:
    """Whether a holder of ``roles`` may refer to youth care without a decision of the municipality.

    Physicians may (Jeugdwet 2.6 lid 1 g), and who works in the practice under their referral.
    """
    for role in roles:
        if role in scheme:
            data = scheme[role].data
            if _PHYSICIANS in data.get("legalBasis", ()) or _UNDER_A_PHYSICIAN in data.get("mapColumn", ()):
                return True
    return False
