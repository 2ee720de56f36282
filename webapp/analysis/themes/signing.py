"""Signing a framework, which makes it official, and taking the signature back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from intelligence.files import to_json
from webapp.analysis.themes import log, queries
from webapp.analysis.themes.quotes import quotes_of
from webapp.analysis.themes.tallies import Tally, tally
from webapp.analysis.themes.versions import Placed, SignedSummary, SignedTheme
from webapp.audit import Actor
from webapp.models import (
    Pile,
    ThemeActKind,
    ThemeAssignment,
    ThemeFramework,
    ThemeState,
    ThemeVersion,
)

QUOTES_SIGNED = 3


class EmptyThemeError(Exception):
    """Nothing speaks to these themes, and no example says what would."""

    def __init__(self, themes: Sequence[SignedTheme]) -> None:
        super().__init__(f"{len(themes)} empty themes")
        self.themes = themes


class NotSignedError(Exception):
    """There is no signature to take back."""


class NothingNewError(Exception):
    """Nothing has changed since the signature that counts."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a signature would be put under: the next version, and the newest one that there is to compare it with."""

    framework: ThemeFramework
    summary: SignedSummary
    tally: Tally
    newest: ThemeVersion | None

    @property
    def number(self) -> int:
        return self.newest.number + 1 if self.newest else 1

    def check(self) -> None:
        """Raises NothingNewError and EmptyThemeError."""
        signed = self.newest is not None and self.newest.number == self.framework.official
        if self.newest is not None and signed and self.newest.revision == self.framework.revision:
            raise NothingNewError
        empty = [theme for theme in self.summary.themes if not theme.statements and not theme.examples]
        if empty or not self.summary.themes:
            raise EmptyThemeError(empty)


def draft(session: Session, framework: ThemeFramework) -> Draft:
    """What stands now."""
    told = tally(session, framework)
    return Draft(framework, _summary(session, framework, told), told, _newest(session, framework))


def sign(session: Session, *, framework: ThemeFramework, revision: int, actor: Actor, now: datetime) -> ThemeVersion:
    """Make what the page showed official.

    Raises:
        ClashError: a colleague acted since.
        EmptyThemeError: a theme is empty, or there is none.
        NothingNewError: it is signed as it stands.
    """
    log.begin(session, framework)
    if others := log.acts_since(session, framework, revision):
        raise log.ClashError(others)
    stands = draft(session, framework)
    stands.check()
    version = ThemeVersion(
        framework_id=framework.id,
        number=stands.number,
        revision=framework.revision + 1,
        signed_at=now,
        signed_by=actor.person_id,
        summary=to_json(stands.summary),
        placed=to_json(_placed(session, framework)),
    )
    session.add(version)
    session.flush()
    framework.official = version.number
    log.record(session, framework, ThemeActKind.SIGNED, actor=actor, now=now, version=version.number)
    return version


def unsign(session: Session, *, framework: ThemeFramework, number: int, actor: Actor, now: datetime) -> None:
    """Take back the signature of version `number`: it is kept, and counts no more. Raises NotSignedError."""
    log.begin(session, framework)
    if framework.official != number:
        raise NotSignedError
    framework.official = None
    log.record(session, framework, ThemeActKind.UNSIGNED, actor=actor, now=now, version=number)


def _newest(session: Session, framework: ThemeFramework) -> ThemeVersion | None:
    """The newest version, whether its signature counts or was taken back."""
    return session.scalars(
        select(ThemeVersion)
        .where(ThemeVersion.framework_id == framework.id)
        .options(joinedload(ThemeVersion.signatory))
        .order_by(ThemeVersion.number.desc())
        .limit(1)
    ).one_or_none()


def _summary(session: Session, framework: ThemeFramework, told: Tally) -> SignedSummary:
    themes = [theme for theme in log.themes_of(session, framework).values() if theme.state is ThemeState.KEPT]
    groups = {theme.id: theme.position for theme in themes}
    counted = queries.counts(session, framework, groups)
    quotes = quotes_of(session, framework, groups, most=QUOTES_SIGNED)
    return SignedSummary(
        themes=tuple(
            SignedTheme(
                id=str(theme.id),
                title=theme.title,
                description=theme.description,
                answers=count.answers,
                statements=count.statements,
                confirmed=count.confirmed,
                support=count.support,
                objection=count.objection,
                quotes=tuple(quotes.get(theme.id, ())),
                examples=tuple(theme.examples),
            )
            for theme in themes
            for count in [counted.get(theme.position, queries.Count())]
        ),
        answers=told.answers,
        set_aside=told.on_pile(Pile.SET_ASIDE),
        does_not_fit=told.on_pile(Pile.DOES_NOT_FIT),
    )


def _placed(session: Session, framework: ThemeFramework) -> Placed:
    rows = session.execute(
        select(ThemeAssignment.theme_id, ThemeAssignment.number)
        .join(ThemeAssignment.comment)
        .where(
            ThemeAssignment.framework_id == framework.id,
            ThemeAssignment.theme_id.is_not(None),
            queries.still_counts(),
        )
        .order_by(ThemeAssignment.theme_id, ThemeAssignment.strength.desc(), ThemeAssignment.number)
    )
    placed: dict[str, list[int]] = {}
    for theme_id, number in rows:
        placed.setdefault(str(theme_id), []).append(number)
    return Placed({theme: tuple(numbers) for theme, numbers in placed.items()})
