"""Where a questionnaire can begin from: what is published, a template, another engagement, or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy.orm import Session

from webapp.engagements.builder.contents import contents_of
from webapp.engagements.builder.forms import StartForm
from webapp.engagements.builder.queries import newest_version
from webapp.engagements.builder.questionnaires import TEMPLATES
from webapp.engagements.contents import SectionContent
from webapp.models import Engagement, QuestionnaireVersion
from webapp.web.fields import choice

PUBLISHED, ENGAGEMENT, NOTHING = "published", "engagement", "nothing"


def offer_sources(form: StartForm, published: QuestionnaireVersion | None, engagements: Sequence[Engagement]) -> None:
    offered = [choice(name, template.name, template.about) for name, template in TEMPLATES.items()]
    if published is not None:
        offered.insert(0, choice(PUBLISHED, f"The published version {published.number}", "To change parts of it."))
    if engagements:
        offered.append(choice(ENGAGEMENT, "The questionnaire of another engagement"))
        form.engagement.choices = [
            choice("", "Choose an engagement"),
            *(choice(str(each.id), f"{each.title} ({each.reference}, {each.programme.title})") for each in engagements),
        ]
    else:
        del form.engagement
    form.source.choices = [*offered, choice(NOTHING, "Nothing", "You add every section and question yourself.")]


def contents_chosen(
    session: Session, form: StartForm, published: QuestionnaireVersion | None
) -> Sequence[SectionContent]:
    """Of one of those that were offered: the form has seen to that."""
    if form.source.data in TEMPLATES:
        return TEMPLATES[form.source.data].sections
    if form.source.data == PUBLISHED and published is not None:
        return contents_of(published)
    if form.source.data == ENGAGEMENT:
        other = newest_version(session, uuid.UUID(form.engagement.data))
        return contents_of(other) if other is not None else ()
    return ()
