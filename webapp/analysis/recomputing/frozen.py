"""What a run froze, without what its providers wrote and are called, in the form that commands on files read.

It is taken as it is stored: what a later version of the program has learned to ask would be unknown to the one that
computed, which refuses what it does not know.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar, cast

from pydantic import JsonValue

from intelligence import DEFAULT_PRIORS, Market, Prior, Schedule
from intelligence.capacity.priors import PriorKind
from intelligence.files import file_bytes, from_json, to_json
from webapp.analysis.changed import ChangedPrior
from webapp.analysis.problem import orders_left_out
from webapp.analysis.runs import RunParameters

T = TypeVar("T")
Json = Mapping[str, Any]
LEARNED_FROM = ", starting from: "
"""Stands in the source of an assumption before what it was until past lots counted."""


def market_file(inputs: Json) -> bytes:
    """The names of providers count for no figure, and comments for those about themes alone. Their ids stay, as do the
    names of consortia, by which chance is drawn."""
    providers = [provider | {"name": provider["id"]} for provider in inputs["providers"]]
    return _as_stored(Market, {**inputs, "providers": providers, "comments": []})


def elsewhere_file(history: Json | None) -> bytes | None:
    """Nothing where no lot of another buyer taught the run."""
    told = history["elsewhere"] if history else []
    return file_bytes(told) if told else None


def priors_file(parameters: RunParameters, report: Json) -> bytes | None:
    """The assumptions that officers had changed; the others are those of the version that computed."""
    held = report["value"]["priors"]
    changed: dict[str, JsonValue] = {each.name: _as_then(each, held) for each in parameters.changed}
    return file_bytes(changed) if changed else None


def _as_then(change: ChangedPrior, held: Sequence[Json]) -> JsonValue:
    """In the words of the version that computed, which its report holds: today's may call it otherwise or have it no
    more. What past lots taught of it is taken off."""
    today: Prior | None = getattr(DEFAULT_PRIORS, change.name, None)
    told = [each for each in held if change.reason.strip() in each["source"]]
    named = [each for each in told if today is not None and each["name"] == today.name]
    unlearned = [each for each in told if (each["value"], each["spread"]) == (change.value, change.spread)]
    own = next(iter((*named, *unlearned, *told)), {"name": change.name, "source": change.reason})
    kind = PriorKind.MEASURED if change.measured else PriorKind.ASSUMED
    source = own["source"] if own in unlearned else own["source"].split(LEARNED_FROM, 1)[-1]
    return to_json(Prior(own["name"], change.value, change.spread, kind, source))


def result_file(type_: type[T], result: Json) -> bytes:
    """What a part found, as the command would have written it."""
    return _as_stored(type_, result["value"])


def left_out_of(inputs: Json, parameters: RunParameters) -> tuple[str, ...]:
    """What a run warned of the orders that it could not plan."""
    return orders_left_out(from_json(Market, cast(JsonValue, inputs)), parameters.terms)


def schedule_file(result: Json, left_out: Collection[str]) -> bytes:
    """Without the orders that the run could not plan: they are no part of the problem, and no command warns of them."""
    schedule = dict(result["value"])
    schedule["warnings"] = [warning for warning in schedule["warnings"] if warning not in left_out]
    return _as_stored(Schedule, schedule)


def problem_file(result: Json) -> bytes:
    """What was planned, which a schedule holds."""
    read = to_json(from_json(Schedule, result["value"]))
    return file_bytes(_known_then(read["problem"], result["value"]["problem"]))  # type: ignore[call-overload, index]


def _as_stored(type_: type[T], stored: Json) -> bytes:
    """In the order of the type's fields, which the database does not keep."""
    plain: Any = dict(stored)
    return file_bytes(_known_then(to_json(from_json(type_, plain)), plain))


def _known_then(read: JsonValue, stored: Any) -> JsonValue:
    """`read` without the fields that were not there when it was stored."""
    if isinstance(read, dict):
        return {name: _known_then(value, stored[name]) for name, value in read.items() if name in stored}
    if isinstance(read, list):
        return [_known_then(*each) for each in zip(read, stored, strict=True)]
    return read
