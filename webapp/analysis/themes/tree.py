"""Fewer, broader groups of the themes that stand, by the tree of the run that found them. Nothing is run again."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence

from intelligence.text.themes import Merge
from webapp.models import Theme, ThemeState


def branches(themes: Sequence[Theme], merges: Iterable[Merge], groups: int) -> list[list[uuid.UUID]]:
    """The kept themes in at most `groups` groups, or in as few as the tree allows, each in the order of the themes.

    What a person merged stays together; what a person added is in no tree, and stands alone.
    """
    by_id = {theme.id: theme for theme in themes}
    leaves = {theme.found_key: _stands_in(theme, by_id) for theme in themes if theme.found_key}
    group_of = {theme.id: theme.id for theme in themes if theme.state is ThemeState.KEPT}
    branch: dict[str, set[uuid.UUID]] = {key: {own} & group_of.keys() for key, own in leaves.items()}
    joined = {theme_id: {theme_id} for theme_id in group_of}
    for merge in merges:
        if len(joined) <= groups:
            break
        both = branch.pop(merge.left, set()) | branch.pop(merge.right, set())
        branch[merge.id] = both
        heads = sorted({group_of[each] for each in both}, key=str)
        for other in heads[1:]:
            for theme_id in joined.pop(other):
                group_of[theme_id] = heads[0]
                joined[heads[0]].add(theme_id)
    order = {theme.id: theme.position for theme in themes}
    ordered = (sorted(members, key=order.__getitem__) for members in joined.values())
    return sorted(ordered, key=lambda members: order[members[0]])


def _stands_in(theme: Theme, by_id: Mapping[uuid.UUID, Theme]) -> uuid.UUID:
    """The theme itself, or that into which it has been merged by now."""
    while theme.merged_into is not None:
        theme = by_id[theme.merged_into]
    return theme.id
