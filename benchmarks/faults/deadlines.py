"""Deadlines that pass, move away and come early while people submit, by web servers whose clocks are wrong.

What is right is judged from outside. This machine's clock is the database's, so whoever sends a form knows between
which two moments it arrived, and which closing times may have been in force then: from when a move was begun until
the next was committed. Sent after all of them and accepted is late; answered before all and refused is not fair.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks.faults.ledger import Ledger, Provider, Unanswered, in_threads
from benchmarks.faults.service import providers, served
from benchmarks.stage import Stage
from webapp.db import clock
from webapp.engagements import actions
from webapp.engagements.mails import Addresses
from webapp.models import Engagement

SKEWS = (-420.0, -1.0, 1.0, 420.0)
SKEWED_CLOCK = Path(__file__).parent / "skewed_clock"
OPEN_FOR, SHUT_FOR = timedelta(seconds=2.5), timedelta(seconds=0.4)
LONG = timedelta(days=1)
NOT_OPEN = 409


@dataclass
class Closings:
    """Every closing time there was, and from when to when it may have been in force."""

    first: datetime
    moves: list[tuple[datetime, datetime, datetime]] = field(default_factory=list)
    """When each was begun, when it was committed, and the closing time it made."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def move(self, make: Callable[[], datetime]) -> datetime:
        """Note a closing time that `make` sets and returns, before anyone can judge by the one before."""
        with self.lock:
            begun = datetime.now(UTC)
            closes_at = make()
            self.moves.append((begun, datetime.now(UTC), closes_at))
        return closes_at

    def between(self, sent: datetime, answered: datetime) -> list[datetime]:
        with self.lock:
            begun = [datetime.min.replace(tzinfo=UTC), *(move[0] for move in self.moves)]
            ended = [*(move[1] for move in self.moves), datetime.max.replace(tzinfo=UTC)]
            closings = [self.first, *(move[2] for move in self.moves)]
        return [c for b, e, c in zip(begun, ended, closings, strict=True) if b <= answered and e >= sent]


def wrong_web_clocks(stage: Stage, ledger: Ledger) -> bool:
    """Deadlines at web servers whose clocks are a second or seven minutes off, either way."""
    with ExitStack() as servers:
        ready = []
        for skew in SKEWS:
            changed = {"PYTHONPATH": str(SKEWED_CLOCK), "CLOCK_OFF_BY": str(skew)}
            port = servers.enter_context(served(stage, processes=1, changed=changed))
            ready += providers(stage, port, ledger, count=2)
        deadlines = _submit_across(stage, ledger, ready, cycle([_let_pass]))
    return ledger.report(f"{deadlines} deadlines, web clocks off by {', '.join(f'{s:+.0f} s' for s in SKEWS)}", stage)


def race(stage: Stage, ledger: Ledger) -> bool:
    """An officer extends and closes early while the forms arrive, and some deadlines pass by themselves."""
    with served(stage, processes=2) as port:
        moves = _submit_across(
            stage, ledger, providers(stage, port, ledger), cycle([_close_early, _extend_at_the_last_moment, _let_pass])
        )
    return ledger.report(f"{moves} deadlines that passed, came early or moved away while forms arrived", stage)


Deadline = Callable[[Stage, Closings], None]


def _submit_across(stage: Stage, ledger: Ledger, ready: list[Provider], deadlines: cycle[Deadline]) -> int:
    """Everybody submits without a pause while one deadline comes after the other; returns how many came."""
    closings = Closings(_extend(stage, LONG))
    came = 0

    def next_deadline() -> None:
        nonlocal came
        next(deadlines)(stage, closings)
        came += 1

    in_threads([partial(_keep_submitting, provider, closings) for provider in ready], next_deadline, every=1.5)
    return came


def _keep_submitting(provider: Provider, closings: Closings) -> None:
    while not provider.ledger.is_full:
        with suppress(Unanswered):
            form = provider.change()
            if form is None:  # closed: the page offers nothing to send
                time.sleep(0.05)
                continue
            sent = datetime.now(UTC)
            answer = provider.send_until_answered(form)
            in_force = closings.between(sent, answered := datetime.now(UTC))
            if "/receipts/" in answer.location and sent > max(in_force):
                provider.ledger.note("late accepted")
            if answer.status == NOT_OPEN and answered < min(in_force):
                provider.ledger.note("in-time refused")


def _let_pass(stage: Stage, closings: Closings) -> None:
    closings.move(lambda: _set(stage, OPEN_FOR))
    time.sleep((OPEN_FOR + SHUT_FOR).total_seconds())
    closings.move(lambda: _extend(stage, LONG))


def _close_early(stage: Stage, closings: Closings) -> None:
    closings.move(lambda: _end_now(stage))
    time.sleep(SHUT_FOR.total_seconds())
    closings.move(lambda: _extend(stage, LONG))


def _extend_at_the_last_moment(stage: Stage, closings: Closings) -> None:
    closes_at = closings.move(lambda: _set(stage, OPEN_FOR))
    time.sleep(max(0, (closes_at - datetime.now(UTC)).total_seconds() - 0.01))
    closings.move(lambda: _extend(stage, LONG))


def _extend(stage: Stage, by: timedelta) -> datetime:
    with stage.database.session() as session:
        engagement = _engagement(session, stage)
        closes_at = max(clock(session), engagement.closes_at) + by
        actions.extend(
            session,
            engagement=engagement,
            closes_at=closes_at,
            reason="More time was asked for",
            addresses=_addresses(stage),
            actor=stage.officer,
            now=clock(session),
        )
        session.commit()
    return closes_at


def _end_now(stage: Stage) -> datetime:
    with stage.database.session() as session:
        engagement = _engagement(session, stage)
        actions.close_early(
            session, engagement=engagement, reason="All have answered", addresses=_addresses(stage), actor=stage.officer
        )
        session.commit()
        return engagement.closes_at


def _set(stage: Stage, after: timedelta) -> datetime:
    """A nearer deadline, which officers cannot set: by hand, so that it need not be waited for."""
    closes_at = datetime.now(UTC) + after
    with stage.database.engine.begin() as connection:
        connection.execute(
            text("UPDATE engagement SET closes_at = :moment WHERE id = :id"),
            {"moment": closes_at, "id": stage.engagement_id},
        )
    return closes_at


def _engagement(session: Session, stage: Stage) -> Engagement:
    return session.get_one(Engagement, stage.engagement_id)


def _addresses(stage: Stage) -> Addresses:
    return Addresses(stage.settings.base_url, f"/engagements/{stage.engagement_id}", "/sign-in/link")
