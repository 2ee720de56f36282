"""Who is like whom among those who answered, and what sets them apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from intelligence import ProviderSegments
from intelligence.providers.segments import Segment, SegmentNumber
from webapp.analysis.names import Names
from webapp.web import charts
from webapp.web.format import number, percent, plural
from webapp.web.pagination import Page, paginate


@dataclass(frozen=True, slots=True)
class SegmentOnPage:
    title: str
    about: str
    traits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SegmentsPage:
    sentence: str
    sample: str
    chart: Markup | None
    segment_rows: Sequence[Sequence[Any]]
    segments: list[SegmentOnPage]
    tried_rows: Sequence[Sequence[Any]]
    providers: Page[tuple[str, str]]


def segments_page(found: ProviderSegments, names: Names, *, page: str | None, reads: bool) -> SegmentsPage:
    """What sets segments apart is what their providers answered: only for a reader who `reads` that."""
    segments = found.segments if reads else [replace(segment, traits=()) for segment in found.segments]
    titles = [_title(place, segment) for place, segment in enumerate(segments, 1)]
    members = sorted(
        (names.organisation(provider_id), title)
        for title, segment in zip(titles, segments, strict=True)
        for provider_id in segment.provider_ids
    )
    return SegmentsPage(
        sentence=_sentence(found),
        sample=_sample(found),
        chart=_chart(segments, titles) if segments else None,
        segment_rows=[
            (
                title,
                number(len(segment.provider_ids)),
                percent(segment.stability),
                names.organisation(segment.typical_id),
            )
            for title, segment in zip(titles, segments, strict=True)
        ],
        segments=[_on_page(title, segment, names) for title, segment in zip(titles, segments, strict=True)],
        tried_rows=[_tried_row(tried, len(found.segments)) for tried in found.tried],
        providers=paginate(len(members), lambda limit, offset: members[offset : offset + limit], page),
    )


def _title(place: int, segment: Segment) -> str:
    """Its number, and what sets it apart the most."""
    said = next((trait.title for trait in segment.traits), "")
    return f"{place}: {said}" if said else f"Segment {place}"


def _sentence(found: ProviderSegments) -> str:
    if found.reason is not None:
        return found.reason
    return (
        f"{plural(found.providers, 'provider')} that answered fall into {plural(len(found.segments), 'segment')}: more "
        "alike within than chance would make them, and found again when one provider in five is left out."
    )


def _sample(found: ProviderSegments) -> str:
    """Which of a large market were compared with each other."""
    if found.studied is None or found.studied == found.providers:
        return ""
    drawn = f"{plural(found.studied, 'provider')} drawn at random from the {number(found.providers)} that answered"
    if found.reason is not None:
        return (
            f"Segments were looked for among {drawn}: each is compared with every other, which takes too long for all."
        )
    return (
        f"The segments were found among {drawn}, since each is compared with every other. Every other provider then "
        "joined the segment whose typical provider it is nearest to. A segment of fewer than one provider in fifty "
        "can be missed. What is said below about how clear-cut segments are and how much of them is found again is of "
        "those drawn."
    )


def _chart(segments: Sequence[Segment], titles: Sequence[str]) -> Markup:
    bars = [
        charts.Bar(
            label=title,
            value=len(segment.provider_ids),
            note=f"{percent(segment.stability)} found again without one in five",
        )
        for title, segment in zip(titles, segments, strict=True)
    ]
    return charts.horizontal_bars("segments", "Providers in each segment", bars, unit="providers")


def _on_page(title: str, segment: Segment, names: Names) -> SegmentOnPage:
    return SegmentOnPage(
        title=title,
        about=(
            f"{plural(len(segment.provider_ids), 'provider')}. Nearest to all of them is "
            f"{names.organisation(segment.typical_id)}. Left out one in five, {percent(segment.stability)} of the "
            "segment is found again on average."
        ),
        traits=tuple(f"{trait.text[:1].upper()}{trait.text[1:]}" for trait in segment.traits),
    )


def _tried_row(tried: SegmentNumber, chosen: int) -> Sequence[Any]:
    return (
        f"{tried.segments}{', chosen' if tried.segments == chosen else ''}",
        number(tried.silhouette, 2),
        number(tried.by_chance, 2),
        percent(tried.stability),
        tried.smallest,
    )
