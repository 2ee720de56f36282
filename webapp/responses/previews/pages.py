"""What a preview says that the provider's page does not."""

from __future__ import annotations

from webapp.engagements.builder.pages import outline
from webapp.engagements.builder.queries import Building


def depending(building: Building, slug: str) -> list[dict[str, str]]:
    """What of a section is not always asked, and when: the whole of it first."""
    whole = outline(building)
    found = [
        part
        for section in (whole.sections if whole else ())
        if section.slug == slug
        for part in (
            ("The whole section", section.only_if),
            *((each.wording, each.only_if) for each in section.questions),
        )
    ]
    return [{"key": what, "value": only_if} for what, only_if in found if only_if]
