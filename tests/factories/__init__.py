"""Rows for tests: each function adds what it needs, flushes and returns it; the caller commits."""

from tests.factories.analyses import (
    finished_run,
    lot_search,
    lot_structure,
    recommendation,
    reply_publication,
    theme_learning,
)
from tests.factories.appraisals import appraisal, conclusion
from tests.factories.engagements import (
    clarification,
    decline,
    document,
    engagement,
    entered_clarification,
    event,
    invitation,
    lots_of,
    two_names,
)
from tests.factories.people import buyer, officer, person, provider, provider_person, team_member
from tests.factories.programmes import import_file, past_import, past_procurement, programme
from tests.factories.questionnaires import LEVELS, ROLES, SECTIONS, add_questionnaire, ask_of_provider, question
from tests.factories.received import RESPONSES_CSV, received_file, reception, response_import
from tests.factories.record import activity, conflict, decision, lesson, risk
from tests.factories.responses import draft, response, response_file, submission
from tests.factories.rows import count_of

__all__ = [
    "LEVELS",
    "RESPONSES_CSV",
    "ROLES",
    "SECTIONS",
    "activity",
    "add_questionnaire",
    "appraisal",
    "ask_of_provider",
    "buyer",
    "clarification",
    "conclusion",
    "conflict",
    "count_of",
    "decision",
    "decline",
    "document",
    "draft",
    "engagement",
    "entered_clarification",
    "event",
    "finished_run",
    "import_file",
    "invitation",
    "lesson",
    "lot_search",
    "lot_structure",
    "lots_of",
    "officer",
    "past_import",
    "past_procurement",
    "person",
    "programme",
    "provider",
    "provider_person",
    "question",
    "received_file",
    "reception",
    "recommendation",
    "reply_publication",
    "response",
    "response_file",
    "response_import",
    "risk",
    "submission",
    "team_member",
    "theme_learning",
    "two_names",
]
