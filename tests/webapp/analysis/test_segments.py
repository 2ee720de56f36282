"""Segments of providers: described in words where there are any, and the truth where there are none."""

from __future__ import annotations

import pytest
from flask import Flask

import intelligence as engine
from intelligence.market import ProviderKind, ProviderSize
from intelligence.providers.segment import segment_providers
from tests.kept import WorldOf
from tests.webapp.browser_of_pages import Client
from webapp.analysis.names import Names
from webapp.analysis.pages.segments import SegmentsPage, segments_page

KINDS = 9


@pytest.fixture(scope="module")
def market() -> engine.Market:
    """Small charities that want dental care, and large trusts that want mental health care."""
    lots = tuple(engine.Lot(line, line, (engine.Unit("S", line),)) for line in ("dental", "mental health"))
    providers, interests = [], []
    for number in range(2 * KINDS):
        small = number < KINDS
        kind, size = (
            (ProviderKind.CHARITY, ProviderSize.SMALL) if small else (ProviderKind.NHS_TRUST, ProviderSize.LARGE)
        )
        providers.append(
            engine.Provider(f"p{number:02}", f"Provider {number:02}", kind, size, held_at_most=1 if small else 6)
        )
        interests.append(
            engine.Interest(f"p{number:02}", "dental" if small else "mental health", engine.InterestLevel.LIKELY)
        )
    return engine.Market(
        sites=(engine.Site("S", "Site"),),
        service_lines=(engine.ServiceLine("dental", "Dental"), engine.ServiceLine("mental health", "Mental health")),
        lots=lots,
        providers=tuple(providers),
        interests=tuple(interests),
    )


def shown(app: Flask, market: engine.Market, found: engine.ProviderSegments) -> SegmentsPage:
    names = Names(lots={}, organisations={provider.id: provider.name for provider in market.providers})
    with app.test_request_context():
        return segments_page(found, names, page=None, reads=True)


def test_two_kinds_of_provider_are_two_segments_in_words(app: Flask, market: engine.Market) -> None:
    page = shown(app, market, segment_providers(market, seed=1))
    assert "18 providers that answered fall into 2 segments" in page.sentence
    told = " ".join(trait for segment in page.segments for trait in segment.traits)
    assert "Size: small (9 of 9; others 0 of 9)" in told
    assert "Size: large (9 of 9; others 0 of 9)" in told
    assert page.chart is not None
    assert [row[1:3] for row in page.segment_rows] == [(str(KINDS), "100%"), (str(KINDS), "100%")]
    assert any(str(row[0]) == "2, chosen" for row in page.tried_rows)
    members = {
        title: {name for name, of in page.providers.items if of == title}
        for title in {of for _, of in page.providers.items}
    }
    assert {len(names) for names in members.values()} == {KINDS}


def test_the_page_says_that_only_a_sample_was_studied(app: Flask, market: engine.Market) -> None:
    assert shown(app, market, segment_providers(market, seed=1)).sample == ""
    page = shown(app, market, segment_providers(market, seed=1, most_studied=14))
    assert page.sample.startswith(
        "The segments were found among 14 providers drawn at random from the 18 that answered"
    )
    assert len(page.providers.items) == 2 * KINDS


def test_answers_without_a_pattern_are_not_segmented_and_what_was_tried_is_shown(
    app: Flask, market: engine.Market
) -> None:
    same = tuple(engine.Provider(each.id, each.name, held_at_most=n % 5) for n, each in enumerate(market.providers))
    interests = tuple(engine.Interest(each.id, "dental", engine.InterestLevel.LIKELY) for each in same)
    plain = engine.Market(
        sites=market.sites, service_lines=market.service_lines, lots=market.lots, providers=same, interests=interests
    )
    found = segment_providers(plain, seed=1)
    page = shown(app, market, found)
    assert page.sentence == found.reason
    assert page.chart is None
    assert len(page.tried_rows) == len(found.tried)


def test_an_analysis_of_few_providers_says_that_they_are_too_few(client: Client, world_of: WorldOf) -> None:
    world = world_of()
    client.sign_in(world.officer)
    page = client.get(f"/runs/{world.ids['run_id']}/report/segments")
    assert "Not enough providers to segment: 3 answered, and 12 are needed." in page.text
    assert len(page.statements) <= 15
