"""The questionnaires that one can begin with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.engagements.builder.questionnaires.childrens_homes import CHILDRENS_HOMES
from webapp.engagements.builder.questionnaires.dental import DENTAL
from webapp.engagements.builder.questionnaires.mental_health import MENTAL_HEALTH
from webapp.engagements.contents import SectionContent
from webapp.engagements.health_and_justice import HEALTH_AND_JUSTICE


@dataclass(frozen=True, slots=True)
class Template:
    name: str
    about: str
    sections: tuple[SectionContent, ...]


TEMPLATES: Mapping[str, Template] = {
    "health": Template(
        "Health and social care",
        "Health services in prisons and other secure settings, several services together.",
        HEALTH_AND_JUSTICE,
    ),
    "dental": Template("Dental services", "Sessions, surgeries and equipment, dentists and dental nurses.", DENTAL),
    "mental-health": Template(
        "Mental health services",
        "Assessment, teams and therapies, urgent care and transfers to hospital.",
        MENTAL_HEALTH,
    ),
    "childrens-homes": Template(
        "Children’s homes", "Health and care of children in secure and other children’s homes.", CHILDRENS_HOMES
    ),
}
