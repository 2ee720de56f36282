"""Providers that submit again and again through whatever happens, and the account of what they were told."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException

from sqlalchemy import func, select

from benchmarks.browsing import Answer, Browser, Send
from benchmarks.stage import Stage
from benchmarks.walk import begin_path, fill, sign_in
from webapp.models import AuditEvent, MailMessage, Submission

OUR_503 = b"the service is not available just now"
PAUSE = 0.05
PATIENCE = 60.0  # seconds; after which no outage is short any more
SECTION = "organisation"


class Unanswered(Exception):  # noqa: N818 - not an error: the answer was lost
    """The connection broke before the answer came."""


@dataclass
class Ledger:
    """What all providers were told. Each thread adds to it."""

    wanted: int
    """Acknowledged submissions that are enough."""
    seconds: float
    """After which the scene ends, if there were not enough before; counted from when everybody is ready."""
    until: float = float("inf")
    """By the monotonic clock."""
    acknowledged: dict[uuid.UUID, str] = field(default_factory=dict)
    """The path of the receipt, by the nonce of the form that was sent."""
    told_twice: list[uuid.UUID] = field(default_factory=list)
    """Nonces that led to two different receipts."""
    raw_errors: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    slowest_answer: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> None:
        self.until = time.monotonic() + self.seconds

    @property
    def is_full(self) -> bool:
        return len(self.acknowledged) >= self.wanted or time.monotonic() > self.until

    def acknowledge(self, nonce: uuid.UUID, receipt: str) -> None:
        with self.lock:
            if self.acknowledged.setdefault(nonce, receipt) != receipt:
                self.told_twice.append(nonce)

    def note(self, what: str, answer: Answer | None = None) -> None:
        with self.lock:
            self.counts[what] += 1
            if answer is not None and len(self.raw_errors) < 3:
                self.raw_errors.append(f"{answer.status} {answer.body[:300]!r}")

    def report(self, title: str, stage: Stage) -> bool:
        """Print the account; whether it is without fault."""
        with stage.database.session() as session:
            stored = {row.nonce: row for row in session.execute(select(Submission.nonce, Submission.id))}
            mails = session.scalar(
                select(func.count()).select_from(MailMessage).where(MailMessage.subject.like("%eceipt%"))
            )
            events = session.scalar(
                select(func.count()).select_from(AuditEvent).where(AuditEvent.act == "response.submitted")
            )
        lost = [
            nonce
            for nonce, receipt in self.acknowledged.items()
            if nonce not in stored or not receipt.endswith(str(stored[nonce].id))
        ]
        duplicated = len(self.told_twice) + len(stored) - len(stored.keys() & self.acknowledged.keys())
        print(f"\n{title}\n  acknowledged {len(self.acknowledged):,}, stored {len(stored):,}, recorded {events:,}")
        print(f"  answers {dict(sorted(self.counts.items()))}, receipts in the mail {mails:,}")
        faults = {
            "lost": len(lost),
            "duplicated": duplicated,
            "raw 500": self.counts["raw error"],
            "late accepted": self.counts["late accepted"],
            "in-time refused": self.counts["in-time refused"],
            "typed text not kept": self.counts["typed text not kept"],
            "never answered": self.counts["never answered"],
        }
        if len(self.acknowledged) < self.wanted:
            print(f"  fewer than the {self.wanted:,} asked for: the time was up")
        print("  " + ", ".join(f"{name} {count}" for name, count in faults.items()))
        for raw in self.raw_errors:
            print(f"    {raw}")
        return not any(faults.values()) and events == len(stored)


@dataclass
class Provider:
    """One provider that changes an answer and submits, over and over."""

    browser: Browser
    ledger: Ledger
    page: str
    revision: int
    rounds: int = 0

    @classmethod
    def ready(cls, stage: Stage, send: Send, ledger: Ledger) -> Provider:
        """Signed in, with everything answered."""
        browser = Browser(send)
        begin = begin_path(sign_in(browser, stage.new_provider()))
        page = browser.post("", begin, browser.get("", begin).hidden).location
        fill(browser, page, stage.lots)
        return cls(browser, ledger, page, revision=1)

    def submit_changed(self) -> None:
        """Change an answer, check, submit; each until an answer comes."""
        form = self.change()
        if form is not None:
            self.send_until_answered(form)

    def change(self) -> dict[str, str] | None:
        """Save another answer and open the check page; returns its form, filled in, if it takes one."""
        self.rounds += 1
        path = f"{self.page}/sections/{SECTION}"
        shown = self.until_answered(lambda: self.browser.try_get(path))
        name = f"Seaside Health {self.rounds}"
        typed = {"legal_name": name, "organisation_kind": "charity"}
        self.until_answered(lambda: self.browser.try_post(path, shown.hidden | typed), keeps=name.encode())
        hidden = self.until_answered(lambda: self.browser.try_get(f"{self.page}/check")).hidden
        return hidden | {"declared": "y"} if "nonce" in hidden else None

    def send_until_answered(self, form: dict[str, str]) -> Answer:
        answer = self.until_answered(lambda: self.browser.try_post(f"{self.page}/check", form))
        self.judge(form, answer)
        return answer

    def judge(self, form: dict[str, str], answer: Answer) -> None:
        if answer.status == 302 and "/receipts/" in answer.location:
            self.ledger.acknowledge(uuid.UUID(form["nonce"]), answer.location)
        else:
            self.ledger.note(f"refused {answer.status}")

    def until_answered(self, ask: Callable[[], Answer], keeps: bytes = b"") -> Answer:
        """As a patient person: again after a lost answer, and after a page that says to wait, which keeps the text."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(Unanswered):
                answer = self.once(ask)
                if answer.status < 500:
                    return answer
                if keeps not in answer.body:
                    self.ledger.note("typed text not kept", answer)
            time.sleep(PAUSE)
        self.ledger.note("never answered")
        raise Unanswered

    def once(self, ask: Callable[[], Answer]) -> Answer:
        began = time.monotonic()
        try:
            answer = ask()
        except (OSError, HTTPException) as lost:
            self.ledger.note("answer lost")
            raise Unanswered from lost
        finally:
            self.ledger.slowest_answer = max(self.ledger.slowest_answer, time.monotonic() - began)
        if answer.status == 503 and OUR_503 in answer.body:
            self.ledger.note("503 page")
        elif answer.status >= 500:
            self.ledger.note("raw error", answer)
        return answer


def in_threads(work: Sequence[Callable[[], None]], meanwhile: Callable[[], None], every: float) -> None:
    """Do all work at once, one thread for each, and `meanwhile` again and again until it is done."""
    threads = [threading.Thread(target=each, daemon=True) for each in work]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        for thread in threads:
            thread.join(every / len(threads))
        if any(thread.is_alive() for thread in threads):
            meanwhile()
