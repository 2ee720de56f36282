"""Somebody at work in a browser, whose every new page is looked at on a phone and must fit at a desk too."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.journeys.conftest import Visitor, assert_fits

WIDTHS = (1280, 964, 820)
"""Of windows, in pixels; at the second, tables that are lists where room is short are just tables still."""


@dataclass
class Worker:
    """Somebody at work on a device, with a count of what the work takes."""

    visitor: Visitor
    pages: int = 0
    fields: int = 0
    inspected: set[tuple[str, bool, bool]] = field(default_factory=set)
    """Addresses, with whether their page was in error and whether it had a table."""

    @property
    def main(self) -> Locator:
        return self.visitor.page.get_by_role("main")

    def looked(self, heading: str) -> None:
        """At a page that is in order on a phone, on a tablet and at a desk."""
        page = self.visitor.page
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        self.pages += 1
        shape = (page.url, page.get_by_role("alert").count() > 0, page.get_by_role("table").count() > 0)
        if shape not in self.inspected:
            self.inspected.add(shape)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                assert_fits(page)
            page.set_viewport_size({"width": 320, "height": 900})  # inspected where room is short: twice takes minutes
            self.visitor.checked(heading)

    def open(self, path: str, heading: str) -> None:
        self.visitor.page.goto(path)
        self.looked(heading)

    def follow(self, link: str, heading: str, *, exact: bool = True) -> None:
        """By a link, which may look like a button."""
        links = self.main.get_by_role("link", name=link, exact=exact)
        links.or_(self.main.get_by_role("button", name=link, exact=exact)).first.click()
        self.looked(heading)

    def back(self, heading: str) -> None:
        self.visitor.page.get_by_role("navigation", name="Back").get_by_role("link").click()
        self.looked(heading)

    def press(self, button: str, heading: str, *, exact: bool = True) -> None:
        self.main.get_by_role("button", name=button, exact=exact).first.click()
        self.looked(heading)

    def press_in_error(self, button: str, heading: str) -> None:
        """Nothing is filled in, or something wrong: the page says so."""
        self.main.get_by_role("button", name=button, exact=True).first.click()
        expect(self.visitor.page.get_by_role("alert")).to_contain_text("There is a problem")
        self.looked(heading)

    def fill(self, label: str, text: str) -> None:
        self.fields += 1
        self.main.get_by_label(label, exact=True).fill(text)

    def enter_day(self, legend: str, day: date) -> None:
        self.fields += 1
        group = self.main.get_by_role("group", name=legend)
        for part, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            group.get_by_label(part).fill(str(number))

    def choose(self, label: str, *, within: str = "") -> None:
        self.fields += 1
        place = self.main.get_by_role("group", name=within) if within else self.main
        place.get_by_label(label, exact=True).first.check()

    def select(self, label: str, option: str) -> None:
        self.fields += 1
        self.main.get_by_label(label, exact=True).select_option(label=option)

    def send(self, label: str, path: Path) -> None:
        self.fields += 1
        self.main.get_by_label(label).set_input_files(path)
