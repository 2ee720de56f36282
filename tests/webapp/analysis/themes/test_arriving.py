"""Answers of a later run: assigned to what stands, without touching what was there; what does not fit is told."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from sqlalchemy import select

from intelligence import Comment
from intelligence.text.signed import AssignedThemes
from intelligence.text.themes import Assignment
from tests import factories as make
from tests.webapp.analysis.themes.conftest import Scene, answered, run_of
from tests.webapp.analysis.themes.test_pages import colleague_as
from tests.webapp.browser_of_pages import Client
from webapp.analysis.themes import actions, arriving, comparing, log, signing, sorting
from webapp.analysis.themes.versions import summary_of
from webapp.models import (
    AnalysisRun,
    Answer,
    Pile,
    Submission,
    TeamRole,
    ThemeAct,
    ThemeActKind,
    ThemeAssignment,
    ThemeComment,
    ThemeFile,
    ThemeFileKind,
    ThemeVersion,
    Withdrawal,
)

NOW = datetime(2026, 12, 1, tzinfo=UTC)
FOUND = {1: "Staff", 2: "Price", 3: "Escorts", 4: "Staff", 5: "Price", 6: "Escorts"}


def comments(scene: Scene, new: list[str], without: int | None = None) -> list[Comment]:
    """What a later run reads: the answers there were, perhaps without one, and new ones."""
    old = scene.session.scalars(select(ThemeAssignment).order_by(ThemeAssignment.number)).all()
    read = [
        Comment(str(row.answer_id), str(row.comment.organisation_id), "barriers", row.comment.answer.value)
        for row in old
        if row.number != without
    ]
    provider = make.provider(scene.session)
    for answer in answered(scene.session, scene.engagement, new, provider) if new else ():
        read.append(Comment(str(answer.id), str(provider.id), "barriers", answer.value))
    return read


def arrive(scene: Scene, read: list[Comment], number: int = 2) -> None:
    part = run_of(scene.session, scene.engagement, scene.officer, number)
    comparison = comparing.compare(scene.session, scene.framework, read)
    arriving.take_in(
        scene.session,
        framework=scene.framework,
        part=part,
        comparison=comparison,
        assigned=comparison.assign(seed=1, threads=1),
        now=NOW,
    )
    scene.session.commit()


def sign(scene: Scene) -> ThemeVersion:
    return signing.sign(
        scene.session, framework=scene.framework, revision=scene.framework.revision, actor=scene.actor, now=NOW
    )


def test_new_answers_go_to_signed_themes_and_change_nothing_that_was_there(scene: Scene) -> None:
    version = sign(scene)
    arrive(scene, comments(scene, ["Price is what we speak of", "Our boat is painted blue every summer"]))
    places = scene.places()
    assert {number: places[number] for number in FOUND} == FOUND
    assert sorted(place for number, place in places.items() if number > 6) == ["Price", Pile.DOES_NOT_FIT]
    act = scene.session.scalars(select(ThemeAct).where(ThemeAct.kind == ThemeActKind.ARRIVED)).one()
    assert act.done_by is None
    assert {name: act.detail[name] for name in ("run", "answers", "assigned", "does_not_fit", "gone")} == {
        "run": 2,
        "answers": 2,
        "assigned": 1,
        "does_not_fit": 1,
        "gone": 0,
    }
    assert [theme.answers for theme in summary_of(version).themes] == [2, 2, 2]


def test_the_same_answers_arrive_once(scene: Scene) -> None:
    sign(scene)
    read = comments(scene, ["Price is what we speak of"])
    arrive(scene, read)
    arrive(scene, read, 3)
    assert len(scene.places()) == 7
    assert scene.framework.revision == 2


def test_an_answer_that_was_withdrawn_stays_where_it_was_and_counts_no_more(scene: Scene, client: Client) -> None:
    sign(scene)
    file = ThemeFile(framework_id=scene.framework.id, kind=ThemeFileKind.CSV, reads=True, quotes=True)
    scene.session.add(file)
    arrive(scene, comments(scene, [], without=1))
    assert scene.places() == FOUND
    assert scene.session.scalars(select(ThemeFile)).all() == [], "a file may hold what was withdrawn"
    gone = scene.session.scalars(select(ThemeComment).where(ThemeComment.gone_part_id.is_not(None))).all()
    assert len(gone) == 1
    client.sign_in(scene.officer)
    assert "5 answers" in client.get(scene.url).text
    page = client.get(f"{scene.url}/arrivals")
    assert "1 answer was amended or withdrawn" in page.text


def amended(scene: Scene, changed: dict[str, str]) -> list[Comment]:
    """What a run reads once provider A has submitted again, with other words for some of its answers."""
    gone = select(ThemeComment.answer_id).where(ThemeComment.gone_part_id.is_not(None))
    read = [each for each in comments(scene, []) if uuid.UUID(each.id) not in set(scene.session.scalars(gone))]
    first = scene.session.get_one(ThemeAssignment, (scene.framework.id, 2)).comment.answer
    response = scene.session.get_one(Submission, first.submission_id).response
    again = make.submission(scene.session, response)
    own = [comment for comment in read if comment.provider_id == str(response.organisation_id)]
    for comment in own:
        before = scene.session.get_one(Answer, uuid.UUID(comment.id))
        text = changed.get(comment.text, comment.text)
        answer = Answer(submission_id=again.id, question_id=before.question_id, lot_id=before.lot_id, value=text)
        scene.session.add(answer)
        scene.session.flush()
        read[read.index(comment)] = Comment(str(answer.id), comment.provider_id, "barriers", text, may_quote=False)
    return read


def test_what_a_provider_submits_again_in_the_same_words_stays_as_people_put_it(scene: Scene) -> None:
    """One that amends an answer submits all of them again, of which people have sorted and confirmed the others."""
    price, staff = scene.themes[1], scene.themes[0]
    given = {"framework": scene.framework, "actor": scene.actor, "now": NOW}
    chosen = sorting.Chosen(sorting.places(scene.session, scene.framework, [3]), 0)
    sorting.move(scene.session, chosen=chosen, to=staff.id, **given)
    chosen = sorting.Chosen(sorting.places(scene.session, scene.framework, [2, 3]), 1)
    sorting.confirm(scene.session, chosen=chosen, **given)
    scene.session.commit()
    read = amended(scene, {"Staff is what provider A speaks of": "Price is what we speak of"})
    arrive(scene, read)
    assert scene.places() == FOUND | {3: "Staff", 7: "Price"}
    assert scene.confirmed() == [2, 3]
    stands = {row.number: row.comment for row in scene.session.scalars(select(ThemeAssignment))}
    of_now = {uuid.UUID(comment.id) for comment in read}
    assert {number for number, comment in stands.items() if comment.answer_id in of_now} == {2, 3, 4, 5, 6, 7}
    assert [number for number, comment in stands.items() if comment.gone_part_id is not None] == [1]
    assert not stands[2].may_quote, "it is quoted as was agreed last"
    act = scene.session.scalars(select(ThemeAct).where(ThemeAct.kind == ThemeActKind.ARRIVED)).one()
    assert (act.detail["answers"], act.detail["gone"]) == (1, 1)
    assert price.id in act.touched
    arrive(scene, amended(scene, {}), 3)
    assert scene.confirmed() == [2, 3]
    assert scene.framework.revision == 3, "nothing new is no act"
    first = scene.session.get_one(ThemeAssignment, (scene.framework.id, 2)).comment.answer
    scene.session.add(Withdrawal(submission_id=first.submission_id, withdrawn_at=NOW))
    arrive(scene, amended(scene, {}), 4)
    act = scene.session.get_one(ThemeAct, (scene.framework.id, 4))
    assert (act.detail["answers"], act.detail["gone"]) == (3, 3), "what was withdrawn comes back as an act"


def test_shares_are_of_the_answers_that_were_read(scene: Scene, client: Client) -> None:
    """Not of their places in themes: who speaks of two is counted in both, and who only set aside in neither."""
    staff, price = scene.themes[:2]
    arrive(scene, comments(scene, ["Price is what we speak of", "Our boat is painted blue every summer"]))
    (new,) = scene.session.scalars(
        select(ThemeAssignment).where(ThemeAssignment.number > 6, ThemeAssignment.theme_id == price.id)
    )
    own = {name: getattr(new, name) for name in ("framework_id", "answer_id", "start", "stop", "strength", "side")}
    scene.session.add(ThemeAssignment(**own, number=99, theme_id=staff.id, unsure=False, origin=new.origin))
    aside = scene.session.get_one(ThemeAssignment, (scene.framework.id, 6))
    aside.theme_id, aside.pile, aside.reason = None, Pile.SET_ASIDE, "no_words"
    scene.session.commit()
    client.sign_in(scene.officer)
    page = client.get(f"{scene.url}/arrivals")
    assert "5 from the first run, 2 since then" in page.text
    cells = [["".join(cell.itertext()).strip() for cell in row] for row in page.tree.findall(".//tbody/tr")]
    assert cells == [
        ["Staff", "2", "1", "40%", "50%"],
        ["Price", "2", "1", "40%", "50%"],
        ["Escorts", "1", "0", "20%", "0%"],
    ]


def test_the_report_of_an_earlier_run_says_what_a_later_one_brought(scene: Scene, client: Client) -> None:
    """The signed themes stand under the earlier run's heading, with answers that it never held."""
    sign(scene)
    client.sign_in(scene.officer)
    earlier = f"/runs/{scene.framework.part.run_id}/report/themes"
    assert "more than run 1 held" not in client.get(earlier).text
    arrive(scene, comments(scene, ["Price is what we speak of"]))
    page = client.get(earlier)
    assert "with the answers of run 2 of 1 December 2026: more than run 1 held" in page.text
    assert len(page.statements) <= 15
    (later,) = scene.session.scalars(select(AnalysisRun.id).where(AnalysisRun.number == 2))
    assert "So these themes stand" not in client.get(f"/runs/{later}/report/themes").text


def test_a_run_that_comes_after_a_later_one_takes_nothing_away(scene: Scene) -> None:
    sign(scene)
    earlier, later = comments(scene, []), comments(scene, ["Price is what we speak of"])
    arrive(scene, later, number=3)
    arrive(scene, earlier, number=2)
    assert len(scene.places()) == 7
    gone = select(ThemeComment).where(ThemeComment.gone_part_id.is_not(None))
    assert scene.session.scalars(gone).all() == []


def test_a_run_that_comes_after_one_that_found_the_same_takes_nothing_back(scene: Scene) -> None:
    """The later one brought no answer that was new: its submissions alone tell that it is later."""
    sign(scene)
    first, changed = comments(scene, []), amended(scene, {"Staff is what provider A speaks of": "Price alone"})
    later = amended(scene, {})
    arrive(scene, later, number=4)
    for number, earlier in ((2, first), (3, changed)):
        arrive(scene, earlier, number)
        held = scene.session.execute(select(ThemeComment.answer_id, ThemeComment.gone_part_id)).all()
        assert {(uuid.UUID(each.id), None) for each in later} == {tuple(row) for row in held}
    assert scene.framework.revision == 1


def test_what_speaks_to_themes_merged_or_set_aside_since_stands_once_or_fits_none(scene: Scene) -> None:
    sign(scene)
    staff, price, escorts = (str(theme.id) for theme in scene.themes)
    read = comments(scene, ["Staff and price", "Escorts alone", "Escorts and staff"])
    comparison = comparing.compare(scene.session, scene.framework, read)
    both, alone, one_kept = (comment.id for comment in comparison.new)
    said = [(both, staff), (both, price), (alone, escorts), (one_kept, escorts), (one_kept, staff)]
    assigned = AssignedThemes(tuple(Assignment(each, 0, 5, theme, 0.5) for each, theme in said), (), (), None)
    given = {"framework": scene.framework, "revision": scene.framework.revision, "actor": scene.actor, "now": NOW}
    actions.merge(scene.session, into=scene.themes[0].id, others=[scene.themes[1].id], **given)
    actions.set_theme_aside(scene.session, theme_id=scene.themes[2].id, **given)
    part = run_of(scene.session, scene.engagement, scene.officer, 2)
    arriving.take_in(
        scene.session, framework=scene.framework, part=part, comparison=comparison, assigned=assigned, now=NOW
    )
    places = scene.places()
    assert sorted(place for number, place in places.items() if number > 6) == ["Staff", "Staff", Pile.DOES_NOT_FIT]


def test_what_came_to_a_theme_before_it_was_undone_is_not_lost_with_it(scene: Scene, client: Client) -> None:
    """A run's arrivals are no act that is undone first, so that they stand in themes that an undoing closes."""
    given = {"framework": scene.framework, "actor": scene.actor, "now": NOW}
    staff, price, _ = scene.themes
    actions.merge(scene.session, into=staff.id, others=[price.id], revision=0, **given)
    actions.split(scene.session, theme_id=staff.id, revision=1, **given)
    chosen = sorting.Chosen(sorting.places(scene.session, scene.framework, [3, 6]), 2)
    sorting.make_theme(scene.session, chosen=chosen, title="Boats", **given)
    arrive(scene, comments(scene, ["Price is what we speak of", "Escorts is what provider A speaks of"]))
    assert {number: place for number, place in scene.places().items() if number > 6} == {7: "Price", 8: "Boats"}
    client.sign_in(scene.officer)
    for _ in ("made", "split"):
        client.submit(f"{scene.url}/history", action=f"{scene.url}/undo")
    after = {number: place for number, place in scene.places().items() if number in (3, 6, 7, 8)}
    assert after == {3: "Escorts", 6: "Escorts", 7: "Staff", 8: Pile.DOES_NOT_FIT}
    assert "Price is what we speak of" in client.get(f"{scene.url}/statements").text


def test_what_does_not_fit_proposes_a_theme_that_a_person_may_take(scene: Scene, client: Client) -> None:
    sign(scene)
    arrive(scene, comments(scene, ["Our boat is painted blue every summer", "We paint the boat blue in summer"]))
    act = scene.session.scalars(select(ThemeAct).where(ThemeAct.kind == ThemeActKind.ARRIVED)).one()
    assert act.detail["proposed"] == [], "two answers are too few to propose a theme"
    unlike = [number for number, place in scene.places().items() if place == Pile.DOES_NOT_FIT]
    log.record(
        scene.session,
        scene.framework,
        ThemeActKind.ARRIVED,
        actor=None,
        now=NOW,
        **act.detail | {"proposed": [{"title": f"Blue boats {place}", "numbers": unlike} for place in range(12)]},
    )
    scene.session.commit()
    client.sign_in(scene.officer)
    url = f"{scene.url}/arrivals"
    page = client.get(url)
    assert [button for button in page.buttons() if "boats" in button][-1] == "Add the theme “Blue boats 9”"
    assert "And 2 smaller ones" in page.text
    assert page.text.count("We paint the boat blue in summer") == 10, "beneath each theme that they propose"
    scene.themes[0].title = "blue boats 0"
    scene.session.commit()
    added = client.submit_twice(url, action=url)
    assert "in this theme already" in client.get(added).text
    assert {place for number, place in scene.places().items() if number in unlike} == {"Blue boats 0 (2)"}
    assert not [button for button in client.get(url).buttons() if "boats" in button], "nothing of them is on the pile"
    assert "Made “Blue boats 0 (2)”, with 2 statements" in client.get(f"{scene.url}/history").text
    client.post(url, {"csrf_token": page.hidden(url)["csrf_token"], "proposal": "3:12"})
    assert "Nothing was changed." in client.get(url).text
    client.sign_in(colleague_as(scene, TeamRole.REVIEWER))
    assert "We paint the boat" not in client.get(url).text
