"""What a new plan changes of an earlier one, also where a stage begins as before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from intelligence.schedule.changes import Change, changes_between, in_sentences
from intelligence.schedule.explain import in_words
from intelligence.schedule.routes import Stage
from intelligence.schedule.solve import plan_schedule
from tests.intelligence.schedule.programme import programme


def test_a_stage_that_only_ends_on_another_day_is_a_change() -> None:
    earlier = plan_schedule(programme(), seed=1, seconds=3.0)
    item, *others = earlier.procurements
    place = next(place for place, stage in enumerate(item.stages) if stage.stage is Stage.TENDER)
    tender = item.stages[place]
    shorter = replace(tender, end=tender.end - timedelta(days=14))
    stages = (*item.stages[:place], shorter, *item.stages[place + 1 :])
    later = replace(earlier, procurements=(replace(item, stages=stages), *others))

    changes = changes_between(earlier, later)

    key, title, start = item.procurement_id, item.title, tender.start
    assert changes == (Change(key, title, Stage.TENDER, start, start, tender.end, shorter.end),)
    assert in_sentences(changes) == (
        f"{title}: 1 stage moves, the first of them the tender, whose last day is {in_words(shorter.end)} instead of "
        f"{in_words(tender.end)}.",
    )
    assert changes_between(earlier, earlier) == ()
