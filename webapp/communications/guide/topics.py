"""The help pages, and which of them is about which pages of the service."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    slug: str
    title: str
    about: str
    blueprints: frozenset[str]
    """Whose pages it is the help with."""


TOPICS = {
    topic.slug: topic
    for topic in (
        Topic(
            "first-programme",
            "Your first programme",
            "From a spreadsheet of contracts to an analysis",
            frozenset({"programmes", "teams"}),
        ),
        Topic(
            "setting-up",
            "Setting a programme up",
            "Sites, services, contracts, lots and the workbook",
            frozenset({"setting_up", "contracts", "suppliers", "providers", "imports", "past_procurements"}),
        ),
        Topic(
            "communications",
            "Plan, events and notices",
            "Who is told what, who came, and what notices must say",
            frozenset({"communications", "notices"}),
        ),
        Topic(
            "questionnaire",
            "Building the questionnaire",
            "Sections, questions, conditions and versions",
            frozenset({"builder", "builder_conditions", "builder_questions", "previews"}),
        ),
        Topic(
            "publishing",
            "Publishing an engagement",
            "Dates, documents and what can be changed afterwards",
            frozenset({"drafting", "documents"}),
        ),
        Topic(
            "running",
            "Running an engagement",
            "Invitations, questions, more time and the summary",
            frozenset({"engagements", "inviting", "progress", "reminding", "clarifications", "summaries"}),
        ),
        Topic(
            "sealed-responses",
            "Sealed responses",
            "What is hidden until they are opened, and how to open them",
            frozenset({"opening"}),
        ),
        Topic(
            "received",
            "Responses that came by other means",
            "Entering one by hand, importing many, and whose they are",
            frozenset({"received", "received_imports"}),
        ),
        Topic(
            "record",
            "The record",
            "Equal treatment, meetings, decisions and conflicts of interest",
            frozenset({"record", "disposal"}),
        ),
        Topic(
            "analysis",
            "Reading responses and the analysis",
            "What the figures mean, and what they do not",
            frozenset({"analysis", "what_ifs", "forecasts", "priors", "recomputing", "reading", "submitted"}),
        ),
        Topic(
            "risks",
            "Keeping the risk register",
            "What may happen to competition, who owns it and what is done about it",
            frozenset({"risks"}),
        ),
        Topic(
            "lots",
            "Cutting services into lots",
            "The best lots by your rules, and moving services yourself",
            frozenset({"lot_searches", "lot_structures"}),
        ),
        Topic(
            "planning",
            "Planning procurements",
            "Routes, stages, the schedule and what to do when things move",
            frozenset(
                {"procurements", "schedules", "alignment", "order", "appraisals", "appraising", "recommendations"}
            ),
        ),
        Topic(
            "themes",
            "Themes and what was done about them",
            "Working on what was found, signing it, and telling providers what came of it",
            frozenset(
                {
                    "themes",
                    "theme_statements",
                    "theme_learning",
                    "theme_pictures",
                    "theme_signing",
                    "theme_files",
                    "theme_replies",
                }
            ),
        ),
    )
}


def topic_of(blueprint: str | None) -> Topic | None:
    return next((topic for topic in TOPICS.values() if blueprint in topic.blueprints), None)
