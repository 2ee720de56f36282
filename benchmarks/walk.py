"""The provider's journey as its browser makes it, from the link in the e-mail to the receipt."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.browsing import Answer, Browser
from webapp.engagements.questionnaires import HEALTH_AND_JUSTICE, QuestionContent, SectionContent
from webapp.models import AskedPer, QuestionKind

Fields = dict[str, str | list[str]]

WORDS = (
    "We cannot recruit dental nurses for secure settings at this price, and vetting takes four months. "
    "Rooms are shared with other services, so that sessions are lost when escorts are cancelled. "
)


def walk(browser: Browser, link: str, lots: Sequence[object]) -> str:
    """Sign in by the link, answer everything, submit. Returns the path of the receipt."""
    begin = begin_path(sign_in(browser, link))
    page = browser.post("begin", begin, browser.get("begin", begin).hidden).location
    browser.get("task list", page)
    fill(browser, page, lots)
    receipt = submit(browser, page).location
    browser.get("receipt", receipt)
    return receipt


def sign_in(browser: Browser, link: str) -> str:
    """Returns the path of the engagement, where the link leads."""
    entered = browser.post("sign-in link", link, browser.get("sign-in link", link).hidden)
    browser.get("engagement", entered.location)
    return entered.location


def begin_path(engagement: str) -> str:
    return f"{engagement}/response"


def fill(browser: Browser, page: str, lots: Sequence[object]) -> None:
    for section in HEALTH_AND_JUSTICE:
        path, name = f"{page}/sections/{section.slug}", f"section {section.slug}"
        browser.post(name, path, browser.get(name, path).hidden | answers(section, lots))


def submit(browser: Browser, page: str) -> Answer:
    path = f"{page}/check"
    return browser.post("check", path, browser.get("check", path).hidden | {"declared": "y"})


def answers(section: SectionContent, lots: Sequence[object]) -> Fields:
    filled: Fields = {}
    for question in section.questions:
        abouts = [""] if question.asked_per is AskedPer.RESPONSE else [f"-{lot}" for lot in lots]
        for about in abouts:
            filled |= _answer(question, f"{question.key}{about}")
    return filled


def _answer(question: QuestionContent, name: str) -> Fields:
    match question.kind:
        case QuestionKind.TEXT:
            return {name: "Seaside Health CIC, company 01234567"}
        case QuestionKind.LONG_TEXT:
            return {name: WORDS * 2}
        case QuestionKind.ONE_OF:
            return {name: question.options[0][0]}
        case QuestionKind.SOME_OF:
            return {name: [value for value, _ in question.options[:2]]}
        case QuestionKind.YES_NO:
            return {name: "no"}
        case QuestionKind.DATE:
            return {f"{name}-day": "1", f"{name}-month": "4", f"{name}-year": "2031"}
        case QuestionKind.MONEY:
            return {name: "1,200,000"}
        case QuestionKind.WHOLE_NUMBER | QuestionKind.NUMBER:
            return {name: "3"}
        case _:
            return {}  # ranges, rows, rankings and packages may stay blank
