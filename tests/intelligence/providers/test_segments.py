"""Provider segments: found where they are, not found where they are not, and described by what sets them apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intelligence.files import from_json, to_json
from intelligence.market import (
    BiddingRole,
    Interest,
    InterestLevel,
    Lot,
    Market,
    Provider,
    ProviderKind,
    ProviderSize,
    ServiceLine,
    Site,
    Unit,
)
from intelligence.providers.distances import Distances, among, medoids, silhouette, unlikeness
from intelligence.providers.profiles import Scale, Variable, profile
from intelligence.providers.segment import SHUFFLES, segment_providers
from intelligence.providers.segments import ProviderSegments, Trait
from intelligence.providers.traits import describe

SERVICES = ("Dental", "Optometry", "Primary care", "Mental health")


def market_of(providers: list[Provider], interests: list[Interest]) -> Market:
    return Market(
        sites=(Site("S", "Site"),),
        service_lines=tuple(ServiceLine(name, name) for name in SERVICES),
        lots=tuple(Lot(name, name, (Unit("S", name),)) for name in SERVICES),
        providers=tuple(providers),
        interests=tuple(interests),
    )


def two_kinds(size: int = 9) -> Market:
    """Small dental charities that start slowly, and large independents that want mental health and primary care."""
    dice = np.random.default_rng(1)
    providers, interests = [], []
    for number in range(2 * size):
        small = number % 2 == 0
        identifier = f"P{number:02}"
        providers.append(
            Provider(
                identifier,
                identifier,
                kind=ProviderKind.CHARITY if small and number else ProviderKind.INDEPENDENT,
                size=ProviderSize.SMALL if small else ProviderSize.LARGE,
                vcse=small,
                cqc_registered=None if number % 5 == 0 else True,
                largest_annual_value=float(dice.uniform(1e5, 4e5) if small else dice.uniform(5e6, 4e7)),
            )
        )
        for service in SERVICES[:1] if small else SERVICES[2:]:
            months = float(dice.uniform(5, 8) if small else dice.uniform(2, 4))
            interests.append(Interest(identifier, service, InterestLevel.LIKELY, mobilisation_months=months))
    return market_of(providers, interests)


def of_no_kind(providers: int = 24, seed: int = 3) -> Market:
    dice = np.random.default_rng(seed)
    said = [
        Provider(
            f"P{number}",
            "",
            kind=list(ProviderKind)[dice.integers(7)],
            size=list(ProviderSize)[dice.integers(4)],
            held_at_most=int(dice.integers(1, 9)),
            largest_annual_value=float(np.exp(dice.normal(13, 1))),
        )
        for number in range(providers)
    ]
    interests = [
        Interest(
            provider.id, SERVICES[dice.integers(4)], InterestLevel.LIKELY, mobilisation_months=float(dice.random())
        )
        for provider in said
    ]
    return market_of(said, interests)


def test_two_kinds_of_providers_are_found_and_said_in_words() -> None:
    found = segment_providers(two_kinds(), seed=1)
    assert found.reason is None
    assert {frozenset(segment.provider_ids) for segment in found.segments} == {
        frozenset(f"P{number:02}" for number in range(start, 18, 2)) for start in (0, 1)
    }
    assert all(segment.stability > 0.9 and segment.typical_id in segment.provider_ids for segment in found.segments)
    by_member = {segment.provider_ids[0]: [trait.text for trait in segment.traits] for segment in found.segments}
    assert "interested in Dental (9 of 9; others 0 of 9)" in by_member["P00"]
    assert "size: small (9 of 9; others 0 of 9)" in by_member["P00"]
    assert "size: large (9 of 9; others 0 of 9)" in by_member["P01"]
    chosen = next(tried for tried in found.tried if tried.segments == 2)
    assert chosen.silhouette > chosen.by_chance
    assert [tried.segments for tried in found.tried] == [2, 3, 4, 5, 6]


def test_of_a_large_market_a_sample_is_studied_and_all_others_join_it() -> None:
    market = two_kinds(100)
    found = segment_providers(market, seed=1, most_studied=60)
    assert (found.providers, found.studied) == (200, 60)
    assert {frozenset(segment.provider_ids) for segment in found.segments} == {
        frozenset(provider.id for provider in market.providers if provider.vcse is vcse) for vcse in (True, False)
    }
    assert sum(tried.smallest for tried in found.tried if tried.segments == 2) <= 30  # of those studied
    turned = replace(market, providers=market.providers[::-1], interests=market.interests[::-1])
    assert segment_providers(turned, seed=1, most_studied=60) == found
    assert segment_providers(market, seed=2, most_studied=60).segments != found.segments  # others are studied


@pytest.mark.parametrize("seed", range(4))
def test_providers_that_differ_in_no_pattern_have_no_segments(seed: int) -> None:
    found = segment_providers(of_no_kind(seed=seed), seed=1)
    assert found.segments == ()
    assert found.reason is not None
    assert found.reason.startswith("No segments")
    assert found.tried


def test_too_few_providers_or_all_alike_are_no_segments() -> None:
    few = segment_providers(two_kinds(5), seed=1)
    assert few.reason == "Not enough providers to segment: 10 answered, and 12 are needed."
    alike = [Provider(f"P{number}", "") for number in range(20)]
    same = market_of(alike, [Interest(provider.id, "Dental", InterestLevel.LIKELY) for provider in alike])
    assert segment_providers(same, seed=1).reason == "All providers gave the same answers."


def test_progress_rises_to_one_and_what_it_raises_stops_the_work() -> None:
    told: list[float] = []
    segment_providers(two_kinds(), seed=1, progress=told.append)
    assert len(told) > SHUFFLES
    assert told == sorted(told)
    assert told[-1] == 1.0

    def stop(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        segment_providers(two_kinds(), seed=1, progress=stop)


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_providers_changes_nothing_and_segments_survive_storage(random: object) -> None:
    market = two_kinds()
    providers, interests = list(market.providers), list(market.interests)
    random.shuffle(providers)
    random.shuffle(interests)
    shuffled = replace(market, providers=tuple(providers), interests=tuple(interests))
    found = segment_providers(shuffled, seed=1)
    assert found == segment_providers(market, seed=1)
    assert from_json(ProviderSegments, to_json(found)) == found


def distances(*variables: Variable) -> Distances:
    everybody = np.arange(len(variables[0].values))
    return among(unlikeness(variables, everybody, everybody))


def test_what_is_not_known_of_both_is_left_out_of_the_distance() -> None:
    amount = Variable("a", Scale.AMOUNT, (0.0, 5.0, 10.0, None))
    kind = Variable("k", Scale.KIND, ("x", "y", "x", None))
    chosen = Variable("s", Scale.SET, (frozenset("ab"), frozenset("bc"), frozenset(), frozenset("ab")))
    distance = distances(amount, kind, chosen)
    assert distance[0].tolist() == pytest.approx([0, (0.5 + 1 + 2 / 3) / 3, (1 + 0 + 1) / 3, 0])
    assert distances(amount)[0, 3] == 1


def test_money_is_compared_by_its_logarithm() -> None:
    values = Variable("v", Scale.AMOUNT, (1e5, 1e6, 1e7), logged=True)
    distance = distances(values)
    assert distance[0, 1] == pytest.approx(distance[1, 2], rel=1e-3)


def test_profiles_sum_up_what_was_said_about_lots() -> None:
    interests = [
        Interest("P1", "Dental", InterestLevel.LIKELY, wte_at_start=2.0),
        Interest("P1", "Optometry", InterestLevel.NO),
        Interest("P2", "Dental", InterestLevel.WOULD_BID, BiddingRole.CONSORTIUM, wte_at_start=6.0),
        Interest("P2", "Optometry", InterestLevel.WOULD_BID, BiddingRole.CONSORTIUM),
    ]
    found = profile(market_of([Provider(f"P{n}", "") for n in (3, 2, 1)], interests))
    assert found.provider_ids == ("P1", "P2")
    values = {variable.name: variable.values for variable in found.variables}
    assert values == {
        "services": (frozenset({"Dental"}), frozenset({"Dental", "Optometry"})),
        "lots of interest": (1.0, 2.0),
        "level of interest": (1.5, 4.0),
        "leading its bids": ("yes", "no"),
        "staff offered a lot": (2.0, 6.0),
    }


def test_as_many_groups_as_were_asked_for_even_among_equals() -> None:
    distance = np.zeros((5, 5))
    labels = medoids(distance, 3)
    assert len(set(labels.tolist())) == 3
    assert silhouette(distance, labels) == pytest.approx(0, abs=1e-9)


def told(variable: Variable) -> list[Trait]:
    """Of the first three of six providers, against the others."""
    return list(describe([variable], np.array([0, 0, 0, 1, 1, 1]), 0))


def test_traits_are_said_as_people_say_them() -> None:
    amounts = Variable(
        "contract", Scale.AMOUNT, (9e5, 9e5, 8e5, 1e5, None, 2e5), True, "larger contracts", "smaller", "£{} a year"
    )
    (trait,) = told(amounts)
    assert trait.text == "larger contracts (typically £900,000 a year; others £150,000 a year)"
    assert trait.title == "larger contracts"
    mostly = Variable("CQC registered", Scale.KIND, ("no", "no", "yes", "yes", "yes", "yes"))
    (trait,) = told(mostly)
    assert trait.text == "not CQC registered (2 of 3; others 0 of 3)"
    assert trait.title == "mostly not CQC registered"
    kinds = [Provider(f"P{n}", "", ProviderKind.NHS_TRUST if n else ProviderKind.CHARITY) for n in range(3)]
    said = [Interest(f"P{n}", "Dental", InterestLevel.LIKELY) for n in range(3)]
    (kind,) = (one for one in profile(market_of(kinds, said)).variables if one.name == "kind of organisation")
    assert set(kind.values) == {"NHS trust", "charity"}
