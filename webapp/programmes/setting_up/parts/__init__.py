"""Everything that can be set up, in the order in which one needs the other."""

from __future__ import annotations

from webapp.programmes.setting_up.part import Part
from webapp.programmes.setting_up.parts.contracts import CONTRACTS
from webapp.programmes.setting_up.parts.people_and_days import BLACKOUTS, BOARD_DATES, NEEDS, PARTNERS
from webapp.programmes.setting_up.parts.places import SERVICE_LINES, SERVICES, SITES
from webapp.programmes.setting_up.parts.tendering import LOTS, PROCUREMENTS

PARTS: dict[str, Part] = {
    part.slug: part
    for part in (
        SITES,
        SERVICE_LINES,
        SERVICES,
        NEEDS,
        CONTRACTS,
        PROCUREMENTS,
        LOTS,
        PARTNERS,
        BOARD_DATES,
        BLACKOUTS,
    )
}
