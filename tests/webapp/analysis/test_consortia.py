"""Partners that give the same name count as one bidder, from what they type to the forecast."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

import intelligence as engine
from tests import factories as make
from webapp.analysis import market
from webapp.analysis.consortia import consortium_key
from webapp.models import BiddingRole, Engagement, InterestLevel

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Sands & Acorns", "sands and acorns", True),
        ("The Fylde Health-Partnership", "Fylde Health Partnership.", True),
        ("Gwasanaethau Môn", "GWASANAETHAU MON", True),
        ("Theatre Health", "atre Health", False),
        ("Fylde", "Wyre", False),
    ],
)
def test_names_are_the_same_however_they_are_spelt(one: str, other: str, same: bool) -> None:
    assert (consortium_key(one) == consortium_key(other)) is same


def test_a_name_without_letters_is_no_name() -> None:
    assert consortium_key(" - . ") is None


@pytest.fixture
def engagement(session: Session) -> Engagement:
    return make.engagement(session)


def partner(session: Session, engagement: Engagement, name: str | None) -> None:
    levels = {lot.id: InterestLevel.WOULD_BID for lot in make.lots_of(engagement)}
    shared = {"role": BiddingRole.CONSORTIUM, "wte_at_start": 10, "consortium": name}
    make.submission(session, make.response(session, engagement), levels, each=shared)


def expected_bids(session: Session, engagement: Engagement) -> list[float]:
    report = engine.estimate_capacity(market.load(session, engagement=engagement, as_of=TODAY), seed=7, draws=2_000)
    return [lot.expected_bids for lot in report.lots]


def test_partners_with_one_name_are_one_bidder(session: Session, engagement: Engagement) -> None:
    partner(session, engagement, "The Fylde & Wyre Partnership")
    alone = expected_bids(session, engagement)
    partner(session, engagement, "Fylde and Wyre Partnership")
    loaded = market.load(session, engagement=engagement, as_of=TODAY)
    assert {interest.consortium for interest in loaded.interests} == {"fylde and wyre partnership"}
    together = expected_bids(session, engagement)
    assert together == pytest.approx(alone, abs=0.15), "two partners, still one bid"


def test_partners_of_two_consortia_are_two_bidders(session: Session, engagement: Engagement) -> None:
    partner(session, engagement, "Fylde Partnership")
    alone = expected_bids(session, engagement)
    partner(session, engagement, "Wyre Partnership")
    assert all(both > one * 1.5 for both, one in zip(expected_bids(session, engagement), alone, strict=True))
