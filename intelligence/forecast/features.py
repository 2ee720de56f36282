"""What a lot's circumstances were, in numbers that only rest on what was dated before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intelligence.forecast.timeline import AFTER_ALL_DAYS, Floats, Ints, Timeline, Trailing, dividing, whole

TYPICAL_LOG_BIDS = 1.3  # log(1 + bids) where nothing is known
TYPICAL_LOG_INTEREST = 2.2  # eight interested firms: about as many as make a typical lot's bids
ACTIVE_DAYS = 730  # a firm that bid within two years counts as active
LATEST = 8  # lots of a group that its recent mean looks back on
LATEST_OF_ALL = 50
FINENESS = 2**20  # logarithms are rounded to such parts of one, so that their sums are exact
SHRINKAGE = 4.0  # past lots that the wider mean counts for against a group's own
SHRINKAGE_OF_ALL = 10.0


@dataclass(frozen=True, slots=True)
class Features:
    """`matrix` has a row for each row of the timeline and a column for each of `names`, those that tell most first;
    nothing in it is missing. `groups` names the group that a column is about, if it is about one."""

    names: tuple[str, ...]
    groups: tuple[str | None, ...]
    matrix: Floats

    def telling(self, timeline: Timeline, train: Ints) -> Ints:
        """The columns that differ among the rows `train` and are not about a group that all of these share."""
        groups = dividing(timeline, train)
        differs = np.ptp(self.matrix[train], axis=0) > 0 if len(train) else np.zeros(len(self.names), np.bool_)
        telling = [
            found and (group is None or group in groups) for found, group in zip(differs, self.groups, strict=True)
        ]
        return np.flatnonzero(telling)


def describe(timeline: Timeline) -> Features:
    """Interest, value, trailing means of log bids (recent and long, of all and by group), active firms, counts."""
    columns = _centred("log interest", timeline.log_interest, TYPICAL_LOG_INTEREST)
    columns |= _centred("log value", timeline.log_value, _earliest(timeline, timeline.log_value))
    columns |= _trailing_means(timeline)
    columns |= _active_firms(timeline)
    columns |= {
        f"{name}, lots": np.log1p(Trailing(timeline, group).counts()) for name, group in timeline.groups.items()
    }
    groups = tuple(next((part for part in name.split(", ") if part in timeline.groups), None) for name in columns)
    return Features(tuple(columns), groups, np.column_stack(list(columns.values())))


def _trailing_means(timeline: Timeline) -> dict[str, Floats]:
    """Means shrink to the wider mean, and those of groups are given as differences from the recent mean of all."""
    logs = np.rint(np.log1p(timeline.bids) * FINENESS).astype(np.int64)
    everything = Trailing(timeline, whole(timeline))
    overall = _shrunk(everything, logs, None, TYPICAL_LOG_BIDS, 2.0)
    recent = _shrunk(everything, logs, LATEST_OF_ALL, overall, SHRINKAGE_OF_ALL)
    columns = {"all, recent": recent, "all": overall}
    for name, group in timeline.groups.items():
        trailing = Trailing(timeline, group)
        long = _shrunk(trailing, logs, None, recent, SHRINKAGE)
        columns[name] = long - recent
        columns[f"{name}, recent"] = _shrunk(trailing, logs, LATEST, long, SHRINKAGE) - recent
    return columns


def _shrunk(trailing: Trailing, logs: Ints, last: int | None, towards: Floats | float, weight: float) -> Floats:
    mean: Floats = (trailing.sums(logs, last) / FINENESS + weight * towards) / (trailing.counts(last) + weight)
    return mean


def _centred(name: str, values: Floats, middle: float) -> dict[str, Floats]:
    """The values about a middle, zero where unknown, with a column that marks the unknown if there are any."""
    known = np.isfinite(values)
    if not known.any():
        return {}
    columns = {name: np.where(known, values - middle, 0.0)}
    if not known.all():
        columns[f"{name} unknown"] = (~known).astype(np.float64)
    return columns


def _earliest(timeline: Timeline, values: Floats) -> float:
    """The first value known: a middle that no later lot has a part in."""
    known = np.flatnonzero(np.isfinite(values))
    return float(values[known[np.argmin(timeline.opens[known])]]) if len(known) else 0.0


def _active_firms(timeline: Timeline) -> dict[str, Floats]:
    """How many different firms bid in the two years before, for any lot and in the lot's own groups."""
    sizes = np.array([len(firms) for firms in timeline.firms], np.int64)
    if not sizes.any():
        return {}
    rows = np.repeat(np.arange(timeline.past), sizes)
    firms = np.array([firm for bidders in timeline.firms for firm in bidders], np.int64)
    groups = {"all": whole(timeline), **timeline.groups}
    return {f"firms, {name}": _count_active(timeline, group, rows, firms) for name, group in groups.items()}


def _count_active(timeline: Timeline, group: Ints, rows: Ints, firms: Ints) -> Floats:
    """Each appearance of a firm in a group is active until it expires or the firm's next one takes over."""
    placed = group[rows] >= 0
    rows, firms = rows[placed], firms[placed]
    group_of, day = group[rows], timeline.known[rows]
    order = np.lexsort((day, firms, group_of))
    group_of, firm, day = group_of[order], firms[order], day[order]
    followed = (group_of[1:] == group_of[:-1]) & (firm[1:] == firm[:-1])
    until = day + ACTIVE_DAYS
    until[:-1][followed] = np.minimum(until[:-1], day[1:])[followed]
    begun, ended = np.sort(group_of * AFTER_ALL_DAYS + day), np.sort(group_of * AFTER_ALL_DAYS + until)
    now = group * AFTER_ALL_DAYS + timeline.opens
    active = np.searchsorted(begun, now) - np.searchsorted(ended, now)
    return np.where(group >= 0, np.log1p(active), 0.0)
