"""What services at sites are called."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from markupsafe import Markup

from webapp.language import Later
from webapp.models import Programme, ServiceLine, Site, Unit
from webapp.web.cells import lines

NOT_KNOWN = Later("Not known")


class UnitNames:
    """Names the units of a programme without asking the database for the site and service line of each."""

    def __init__(self, programme: Programme) -> None:
        places: list[Site | ServiceLine] = [*programme.sites, *programme.service_lines]
        self.names = {place.id: place.name for place in places}
        self.order = {place.id: place.position for place in places}

    def of(self, units: Iterable[Unit]) -> str | Markup:
        """A line per service line, with the sites at which it is meant."""
        by_line: dict[uuid.UUID, list[str]] = {}
        for unit in sorted(units, key=lambda unit: (self.order[unit.service_line_id], self.order[unit.site_id])):
            by_line.setdefault(unit.service_line_id, []).append(self.names[unit.site_id])
        return lines(f"{self.names[line]}: {', '.join(sites)}" for line, sites in by_line.items()) or NOT_KNOWN
