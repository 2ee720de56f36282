"""The pages of a framework: who sees and does what, clashes, and 20,000 statements."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from intelligence.files import to_json
from tests import factories as make
from tests.webapp.analysis.themes.conftest import TITLES, Scene, run_of
from tests.webapp.browser_of_pages import Client, Page
from webapp.analysis.digests import GroupDigest, QuoteDigest, ThemeDigest
from webapp.analysis.themes import signing
from webapp.analysis.themes.standing import standing_of
from webapp.db import clock
from webapp.models import (
    Answer,
    MembershipRole,
    Person,
    Pile,
    ProviderKind,
    ProviderSize,
    Submission,
    TeamRole,
    Theme,
    ThemeAssignment,
)
from webapp.responses.withdrawing import take_back

NOW = datetime(2026, 12, 1, tzinfo=UTC)
MANY_STATEMENTS = """
    CREATE TEMPORARY TABLE many ON COMMIT DROP AS
        SELECT gen_random_uuid() AS id, number FROM generate_series(100, 20099) AS number;
    INSERT INTO submission (id, response_id, number, reference, nonce, submitted_at, submitted_by)
        SELECT many.id, response_id, many.number, 'MANY' || many.number, many.id, submitted_at, submitted_by
        FROM many, (SELECT * FROM submission LIMIT 1) AS one;
    ANALYZE submission;
    INSERT INTO answer (id, submission_id, question_id, value)
        SELECT many.id, many.id, question_id, '"Words of one of very many"'
        FROM many, (SELECT question_id FROM theme_comment JOIN answer ON answer.id = answer_id LIMIT 1) AS one;
    ANALYZE answer;
    INSERT INTO theme_comment (framework_id, answer_id, organisation_id, may_quote, part_id)
        SELECT framework_id, many.id, organisation_id, true, part_id
        FROM many, (SELECT * FROM theme_comment LIMIT 1) AS one;
    ANALYZE theme_comment;
    INSERT INTO theme_assignment
            (framework_id, number, answer_id, start, stop, theme_id, strength, side, unsure, origin)
        SELECT framework_id, many.number, many.id, 0, 25, theme.id, many.number % 100 / 100.0, 'neither',
            many.number % 10 = 0, 'found'
        FROM many JOIN theme ON theme.position = many.number % 2 + 1;
    ANALYZE theme_assignment;
"""
"""Answers in as many submissions of one response: what they cost is the same as of many responses.

PostgreSQL is told of each table's rows before others refer to them: a connection that met the table with few of them
would read all of it for every row that refers to it.
"""


@pytest.fixture
def officer(client: Client, scene: Scene) -> Client:
    client.sign_in(scene.officer)
    return client


def colleague_as(scene: Scene, role: TeamRole) -> Person:
    programme = scene.engagement.programme
    person = make.person(scene.session, programme.buyer, MembershipRole.OFFICER)
    make.team_member(scene.session, programme.id, person.id, programme.buyer_id, role)
    scene.session.commit()
    return person


def sort(client: Client, scene: Scene, data: dict[str, object], status: int = 302, asked: str = "") -> Page:
    url = f"{scene.url}/statements{asked}"
    (action,) = [
        form.get("action")
        for form in client.get(url).tree.findall(".//form")
        if "/statements?" in form.get("action", "") and form.get("id") != "undo"
    ]
    return client.submit(url, data, action=action, status=status)


def box(scene: Scene, number: int, title: str) -> str:
    return f"{number}:{scene.theme(title).id}"


def test_what_is_least_like_a_theme_is_quoted_apart_from_what_is_typical(officer: Client, scene: Scene) -> None:
    """By those alone who agreed, and nothing twice."""
    kinds = ("Nurses", "Doctors", "Dentists", "Pharmacists", "Psychologists", "Opticians", "Gardeners")
    texts = [f"{kind} leave {len(kind)} {kind.lower()} posts open" for kind in kinds]
    scene.hear("Staff", texts, may_quote=True)
    page = officer.get(f"{scene.url}/theme/{scene.theme('Staff').id}")
    quotes = [quote.text.strip("“”") for quote in page.tree.findall(".//blockquote")]
    assert quotes == ["Staff is what provider A speaks of", *texts[:4], *texts[:4:-1]]
    assert "Least like these" in page.text
    assert len(page.statements) <= 15


def test_what_is_most_typical_of_a_theme_stands_beneath_its_title(officer: Client, scene: Scene) -> None:
    """Of those who agreed to be quoted, and not all of what is long."""
    assert "“Staff is what provider A speaks of”" in officer.get(scene.url).text
    scene.session.execute(text("UPDATE theme_comment SET may_quote = false"))
    scene.session.commit()
    assert "provider A speaks" not in officer.get(scene.url).text
    scene.hear("Staff", ["Nurses leave " * 20], may_quote=True)
    page = officer.get(scene.url)
    (shown,) = page.tree.findall(".//th/span[@class='app-also']")
    assert shown.text == f"“{('Nurses leave ' * 9).rstrip()}…”"
    assert len(page.statements) <= 15


def test_nothing_of_what_is_for_lead_officers_alone_is_quoted_to_others(client: Client, scene: Scene) -> None:
    scene.session.execute(text("ALTER TABLE question DISABLE TRIGGER USER"))
    scene.session.execute(text("UPDATE question SET restricted = true WHERE key = 'barriers'"))
    scene.session.execute(text("ALTER TABLE question ENABLE TRIGGER USER"))
    scene.session.commit()
    for role, reads in ((TeamRole.OFFICER, False), (TeamRole.LEAD_OFFICER, True)):
        client.sign_in(colleague_as(scene, role))
        for url in (scene.url, f"{scene.url}/theme/{scene.theme('Staff').id}"):
            assert ("provider A speaks" in client.get(url).text) is reads


def test_a_theme_that_other_answers_would_not_have_made_says_so(officer: Client, scene: Scene) -> None:
    theme = scene.theme("Staff")
    doubt = "With one answer in five left out, 40% of it is found again on average: with other answers it might not"
    for share, told in ((0.4, doubt), (0.8, "80% of it is found again on average."), (None, "")):
        theme.found_again = share
        scene.session.commit()
        page = officer.get(f"{scene.url}/theme/{theme.id}")
        assert told in page.text
    assert "found again" not in page.text


def test_statements_show_where_they_come_from_and_whether_they_may_be_quoted(officer: Client, scene: Scene) -> None:
    page = officer.get(f"{scene.url}/statements?place={scene.theme('Staff').id}")
    assert "Staff is what provider A speaks of" in page.text
    assert page.text.count("Not for quotation") == 1
    assert "Provider B" in page.text
    assert "Price is what" not in page.text


def test_a_part_of_an_answer_is_shown_with_the_whole_and_quoted_as_a_sentence(officer: Client, scene: Scene) -> None:
    """And what reads alike is quoted once."""
    scene.session.execute(text("UPDATE theme_assignment SET start = 9, stop = 13 WHERE number = 1"))
    scene.session.execute(text("UPDATE theme_comment SET may_quote = true"))
    scene.session.commit()
    page = officer.get(f"{scene.url}/statements?place={scene.theme('Staff').id}")
    assert page.tree.find(".//label[@for='statement-1']").text.strip() == "what"
    (whole,) = page.tree.findall(".//details[@class='govuk-details app-statement__whole']")
    assert "The whole answer, 7 words" in "".join(whole.itertext())
    assert "Staff is what provider A speaks of" in "".join(whole.itertext())
    quotes = officer.get(f"{scene.url}/theme/{scene.theme('Staff').id}").tree.findall(".//blockquote")
    assert [quote.text for quote in quotes] == ["“Staff is what provider A speaks of”"]


def test_the_same_is_counted_in_the_same_words_on_every_page_and_each_figure_leads_to_its_statements(
    officer: Client, scene: Scene
) -> None:
    sort(officer, scene, {"chosen": [box(scene, 1, "Staff")], "act": "set_aside"})
    report = officer.get(f"/runs/{scene.framework.part.run_id}/report/themes")
    for page in (officer.get(scene.url), report):
        assert "6 answers from 2 providers: 5 statements in 3 themes." in page.text
        assert "Left out of the themes: 1 statement set aside (1 put there by a person)" in page.text
        for words, figure in (("5 statements", "5 statements"), ("1 statement set aside", "1 statement")):
            href = next(href for text_of_link, href in page.links().items() if text_of_link.startswith(words))
            assert f"{figure}, the most typical first." in officer.get(href).text
    theme = officer.get(f"{scene.url}/theme/{scene.theme('Staff').id}")
    assert "1 answer from 1 provider: 1 statement, 0 of them confirmed." in theme.text


def test_what_is_withdrawn_is_neither_quoted_nor_listed_nor_counted_though_no_run_has_seen_it(
    officer: Client, scene: Scene
) -> None:
    """The report of a run that quoted it says so, and so does every page of the run and of the framework."""
    said = {row.number: row for row in scene.session.scalars(select(ThemeAssignment))}
    quotes = tuple(
        QuoteDigest(str(said[number].answer_id), f"{provider} of run 1") for number, provider in ((1, "A"), (4, "B"))
    )
    groups = (GroupDigest("Staff", (), ("staff",), 2, 1.0, quotes),)
    run, part = scene.framework.part.run, scene.framework.part
    part.summary = to_json(ThemeDigest(6, 6, 3, groups, {}, ()))
    run.inputs = {
        "providers": [],
        "interests": [{"provider_id": str(said[number].comment.organisation_id)} for number in (1, 1, 4)],
    }
    scene.session.commit()
    report, statements = f"/runs/{run.id}/report/themes", f"{scene.url}/statements"
    theme = f"{scene.url}/theme/{scene.theme('Staff').id}"
    assert "A of run 1" in officer.get(report).text
    assert "speaks of" in officer.get(theme).text
    for url in (report, f"/runs/{run.id}", scene.url):
        assert "withdrawn since" not in officer.get(url).text
    withdrawn = scene.session.get_one(Answer, said[1].answer_id)
    response = scene.session.get_one(Submission, withdrawn.submission_id).response
    now = clock(scene.session)
    take_back(scene.session, response=response, now=now)
    scene.session.commit()
    for is_submitted_again in (False, True):
        if is_submitted_again:  # with other words, which no run has seen
            make.submission(scene.session, response)
            scene.session.commit()
        page = officer.get(report)
        assert "A of run 1" not in page.text
        assert "B of run 1" in page.text
        assert len(page.statements) <= 15
        assert "Nobody who spoke of this may be quoted." in officer.get(theme).text
        assert "Provider A" not in officer.get(statements).text
        assert "3 statements, the most typical first." in officer.get(statements).text
        assert "3 answers from 1 provider: 3 statements in 3 themes." in officer.get(scene.url).text
        for url, what in ((report, "this run"), (f"/runs/{run.id}", "this run"), (scene.url, "these themes")):
            text_of_page = officer.get(url).text
            assert f"1 response behind {what} has been withdrawn since." in text_of_page
            assert "Run the analysis again." in text_of_page
    later = run_of(scene.session, scene.engagement, scene.officer, number=2).run
    later.inputs, later.requested_at = run.inputs, now + timedelta(days=1)
    scene.session.commit()
    assert "withdrawn since" not in officer.get(f"/runs/{later.id}").text, "it has what was said instead"


def test_a_figure_of_themes_shown_as_one_leads_to_the_statements_of_all(officer: Client, scene: Scene) -> None:
    page = officer.get(f"{scene.url}?groups=2")
    href = next(href for words, href in page.links().items() if words.startswith("4 statements of"))
    listed = officer.get(href)
    assert "4 statements, in the theme and 1 other shown with it" in listed.text
    assert "Escorts is what" not in listed.text


def test_chosen_statements_are_confirmed_moved_set_aside_and_made_a_theme(officer: Client, scene: Scene) -> None:
    price = str(scene.theme("Price").id)
    sort(officer, scene, {"chosen": [box(scene, 1, "Staff"), box(scene, 2, "Price")], "act": "confirm"})
    sort(officer, scene, {"chosen": [box(scene, 4, "Staff")], "act": "move", "to": price})
    sort(officer, scene, {"chosen": [box(scene, 3, "Escorts")], "act": "set_aside"})
    sort(officer, scene, {"chosen": [box(scene, 6, "Escorts")], "act": "new", "title": "Transport"})
    scene.session.expire_all()
    assert scene.confirmed() == [1, 2]
    assert scene.places() == {1: "Staff", 2: "Price", 3: Pile.SET_ASIDE, 4: "Price", 5: "Price", 6: "Transport"}
    text_of_history = officer.get(f"{scene.url}/history").text
    assert "Moved 1 statement to “Price”" in text_of_history
    officer.submit(f"{scene.url}/history", action=f"{scene.url}/undo")
    assert scene.places()[6] == "Escorts"


def test_after_an_act_the_page_goes_on_where_it_was_and_the_act_is_undone_there(officer: Client, scene: Scene) -> None:
    def sorted_at(*numbers: int, act: str = "confirm", asked: str = "", **more: str) -> str:
        places = scene.places()
        chosen = [box(scene, number, places[number]) for number in numbers]
        return sort(officer, scene, {"chosen": chosen, "act": act, **more}, asked=asked).response.location

    shown = [3, 2, 1, 6, 5, 4]  # the most typical first
    unconfirmed = "?show=unconfirmed"
    assert sorted_at(2, asked=unconfirmed).endswith("/statements?page=1&show=unconfirmed#statement-1")
    assert sorted_at(shown[-1]).endswith("#statement-5")
    assert sorted_at(*shown).endswith("#count")
    assert sorted_at(1, act="enter", title="Transport").endswith("#statement-6")
    assert scene.places()[1] == "Transport"
    action = f"{scene.url}/statements/undo?page=1&show=confirmed"
    page = officer.submit(f"{scene.url}/statements?show=confirmed", action=action)
    assert page.response.location.endswith("/statements?page=1&show=confirmed#count")
    assert scene.places()[1] == "Staff"


def test_a_form_that_says_too_little_keeps_what_was_chosen(officer: Client, scene: Scene) -> None:
    page = sort(officer, scene, {"chosen": [box(scene, 1, "Staff")], "act": "move"}, status=422)
    assert "Choose where to move them" in page.text
    assert page.tree.find(".//input[@id='statement-1']").get("checked") is not None
    assert "Choose at least one statement" in sort(officer, scene, {"act": "confirm"}, status=422).text
    entered = sort(officer, scene, {"chosen": [box(scene, 1, "Staff")], "act": "enter"}, status=422)
    assert "Choose what to do with them" in entered.text


def test_a_colleague_who_was_first_is_shown_and_mine_is_sent_again(officer: Client, scene: Scene) -> None:
    staff, price = box(scene, 1, "Staff"), str(scene.theme("Price").id)
    url = f"{scene.url}/statements"
    stale = officer.get(url).hidden(f"{url}?page=1")
    sort(officer, scene, {"chosen": [staff], "act": "set_aside"})
    stale.update({"chosen": staff, "act": "move", "to": price})
    page = officer.post(f"{url}?page=1", stale, status=409)
    assert "Put 1 statement on the pile “Set aside”" in page.text
    (form,) = page.tree.findall(".//main//form")
    again = {each.get("name"): each.get("value", "") for each in form.findall("input")}
    again |= {each.get("name"): each.text.strip() for each in form.findall("textarea")}
    officer.post(form.get("action"), again)
    assert scene.places()[1] == "Price"


def test_two_titles_for_one_theme_are_both_shown(officer: Client, scene: Scene) -> None:
    theme = f"{scene.url}/theme/{scene.theme('Staff').id}"
    stale = officer.get(theme).hidden(theme)
    officer.submit(theme, {"title": "Workforce", "description": ""}, action=theme)
    stale["title"], stale["description"] = "Recruitment", ""
    page = officer.post(theme, stale, status=409)
    assert "Workforce" in page.text
    assert "Recruitment" in page.text
    assert scene.theme("Workforce")


def test_no_two_themes_have_one_title(officer: Client, scene: Scene) -> None:
    """Said beside the field, with what was typed, wherever a title is given."""
    theme, add = f"{scene.url}/theme/{scene.theme('Staff').id}", f"{scene.url}/add"
    named = {"title": "price", "description": "What it costs"}
    for page in (
        officer.submit(theme, named, action=theme, status=422),
        officer.submit(add, named | {"examples": "Too dear"}, status=422),
        sort(officer, scene, {"chosen": [box(scene, 1, "Staff")], "act": "new", "title": "price"}, status=422),
    ):
        field = page.tree.find(".//input[@name='title']")
        assert field.get("value") == "price"
        assert "govuk-input--error" in field.get("class")
        assert "Another theme has this title" in page.text
    scene.session.expire_all()
    assert sorted(theme.title for theme in scene.themes) == sorted(TITLES)
    officer.submit(theme, {"title": "STAFF"}, action=theme)


def test_a_second_press_adds_no_second_theme(officer: Client, scene: Scene) -> None:
    added = officer.submit_twice(f"{scene.url}/add", {"title": "Transport", "examples": "Escorts are late"})
    scene.session.expire_all()
    assert added == f"{scene.url}/theme/{scene.theme('Transport').id}"


def test_what_is_done_to_themes_twice_is_done_once_and_is_no_clash(officer: Client, scene: Scene) -> None:
    url, statements = scene.url, f"{scene.url}/statements?page=1"
    staff, price = (f"{url}/theme/{theme.id}" for theme in scene.themes[:2])

    def twice(page: str, data: dict[str, Any], action: str) -> None:
        scene.session.refresh(scene.framework)
        before = scene.framework.revision
        officer.submit_twice(page, data, action=action)
        scene.session.refresh(scene.framework)
        assert scene.framework.revision == before + 1, action

    twice(staff, {"title": "Workforce", "description": "Nurses\r\nand others"}, staff)
    officer.submit(staff, {"into": str(scene.themes[1].id)}, action=f"{staff}/merge")
    twice(price, {}, f"{price}/split")
    for number, title, act in (
        (1, "Workforce", {"act": "confirm"}),
        (2, "Price", {"act": "move", "to": str(scene.themes[0].id)}),
        (3, "Escorts", {"act": "new", "title": "Transport"}),
        (6, "Escorts", {"act": "set_aside"}),
    ):
        twice(statements, {"chosen": [box(scene, number, title)], **act}, statements)
    twice(statements, {}, f"{url}/statements/undo?page=1")
    twice(price, {}, f"{price}/set-aside")
    twice(f"{url}?groups=1", {}, f"{url}/broaden")
    twice(f"{url}/history", {}, f"{url}/undo")
    twice(f"{url}/sign", {"sure": "y"}, f"{url}/sign")
    twice(f"{url}/unsign", {}, f"{url}/unsign")


def test_a_second_press_finds_a_statement_that_was_dropped_where_the_same_one_stands(
    officer: Client, scene: Scene
) -> None:
    scene.session.execute(text("UPDATE theme_assignment SET answer_id = (SELECT answer_id FROM theme_assignment "
                               "WHERE number = 1), start = 0, stop = 5 WHERE number IN (1, 2)"))  # fmt: skip
    scene.session.commit()
    statements = f"{scene.url}/statements?page=1"
    wanted = {"chosen": [box(scene, 2, "Price")], "act": "move", "to": str(scene.themes[0].id)}
    elsewhere = officer.filled(statements, wanted | {"to": str(scene.themes[2].id)}, statements)
    officer.submit_twice(statements, wanted, action=statements)
    assert scene.places()[2] == Pile.DROPPED
    officer.post(statements, elsewhere, status=409)


def test_what_was_undone_since_is_not_said_to_be_done_by_a_page_of_before(officer: Client, scene: Scene) -> None:
    """Neither is what was done otherwise: an act that was the same person's is not therefore the one asked for."""
    url, (staff, price, _) = scene.url, scene.themes
    own = f"{url}/theme/{staff.id}"

    def undone(page: str, data: dict[str, Any], action: str, undo: str = f"{url}/history") -> None:
        sent = officer.filled(page, data, action)
        officer.post(action, sent)
        officer.submit(undo, action=f"{url}/undo" if "history" in undo else undo)
        officer.post(action, sent, status=409)

    undone(own, {"into": str(price.id)}, f"{own}/merge")
    undone(own, {}, f"{own}/set-aside")
    undone(f"{url}/sign", {"sure": "y"}, f"{url}/sign", f"{url}/unsign")
    assert set(scene.places().values()) == {"Staff", "Price", "Escorts"}
    one, two = (officer.filled(f"{url}?groups={groups}", {}, f"{url}/broaden") for groups in (1, 2))
    officer.post(f"{url}/broaden", two)
    officer.post(f"{url}/broaden", one, status=409)
    undone(own, {}, f"{own}/split")


def test_the_slider_joins_themes_by_the_tree_without_changing_any(officer: Client, scene: Scene) -> None:
    assert len(officer.get(scene.url).tree.findall(".//tbody/tr")) == 3
    joined = officer.get(f"{scene.url}?groups=2")
    assert [re.sub(r"\s+", " ", "".join(row.find("th").itertext())) for row in joined.tree.findall(".//tbody/tr")] == [
        "Staff“Staff is what provider A speaks of”with Price",
        "Escorts“Escorts is what provider A speaks of”",
    ]
    assert len(officer.get(f"{scene.url}?groups=99").tree.findall(".//tbody/tr")) == 3
    officer.submit(f"{scene.url}?groups=2", action=f"{scene.url}/broaden")
    assert set(scene.places().values()) == {"Staff", "Escorts"}


def test_what_people_added_joins_nothing_to_what_is_shown_first(officer: Client, scene: Scene) -> None:
    scene.framework.worth_reading = 2
    scene.session.commit()
    assert len(officer.get(scene.url).tree.findall(".//tbody/tr")) == 2
    officer.submit(f"{scene.url}/add", {"title": "Transport", "examples": "Escorts are late"})
    assert [
        row.find("th/a").text for row in officer.get(scene.url).tree.findall(".//table")[0].findall("tbody/tr")
    ] == [
        "Staff",
        "Escorts",
        "Transport",
    ]


def test_a_broad_group_names_eight_themes_beside_its_first_and_counts_the_others(officer: Client, scene: Scene) -> None:
    def grown_to(themes: int) -> Any:
        """The only row once so many themes are in one group."""
        for position in range(len(scene.framework.merges) + 2, themes + 1):
            names = {"found_key": f"t{position}", "title": f"Theme {position}"}
            like = {"framework_id": scene.framework.id, "key_terms": [], "examples": []}
            scene.session.add(Theme(position=position, **names, **like))
            joined = {"id": f"m{position - 1}", "left": f"m{position - 2}", "right": f"t{position}", "distance": 1.0}
            scene.framework.merges = [*scene.framework.merges, joined]
        scene.session.commit()
        (row,) = officer.get(f"{scene.url}?groups=1").tree.findall(".//tbody/tr")
        return row.find("th")

    named = ["Price", "Escorts", *(f"Theme {position}" for position in range(4, 10))]
    nine = grown_to(9)
    assert [link.text for link in nine.findall(".//a")] == ["Staff", *named]
    assert "".join(nine.findall("span")[1].itertext()) == f"with {', '.join(named)}"
    eleven = grown_to(11)
    assert [link.text for link in eleven.findall(".//a")] == ["Staff", *named]
    assert "".join(eleven.findall("span")[1].itertext()) == f"with {', '.join(named)} and 2 others"


def test_a_reviewer_sees_themes_and_consented_quotes_but_no_statement_and_does_nothing(
    client: Client, scene: Scene
) -> None:
    client.sign_in(colleague_as(scene, TeamRole.REVIEWER))
    assert "Sign these themes" not in client.get(scene.url).links()
    client.get(f"{scene.url}/statements", status=404)
    page = client.get(f"{scene.url}/theme/{scene.theme('Staff').id}")
    assert "provider A speaks of" in page.text
    assert "provider B speaks of" not in page.text


def test_an_approver_reads_statements_and_is_offered_no_act(client: Client, scene: Scene) -> None:
    client.sign_in(colleague_as(scene, TeamRole.APPROVER))
    page = client.get(f"{scene.url}/statements?show=unsure")
    assert "Staff is what provider B speaks of" in page.text
    assert {"Confirm", "Move"}.isdisjoint(page.buttons())
    assert not page.tree.findall(".//main//form[@method='post']")
    report = client.get(f"/runs/{scene.framework.part.run_id}/report/themes")
    assert "See these themes drawn, and what was done with them" in report.text
    assert "sign" not in " ".join(report.links()).split(), "whoever may not sign is not asked to"


def test_support_and_objection_are_shown_only_where_the_question_asks_for_a_view(officer: Client, scene: Scene) -> None:
    signing.sign(scene.session, framework=scene.framework, revision=0, actor=scene.actor, now=NOW)
    scene.session.commit()
    theme = f"{scene.url}/theme/{scene.theme('Staff').id}"
    report = f"/runs/{scene.framework.part.run_id}/report/themes"
    pages = (scene.url, theme, report, f"{scene.url}/statements")
    for url in pages:
        assert "Objection" not in officer.get(url).text
        assert "objecting" not in officer.get(url).text
    scene.session.execute(text("ALTER TABLE question DISABLE TRIGGER USER"))
    scene.session.execute(text("UPDATE question SET measure = 'views' WHERE key = 'barriers'"))
    scene.session.execute(text("ALTER TABLE question ENABLE TRIGGER USER"))
    scene.session.commit()
    for url in pages:
        assert "bjecti" in officer.get(url).text


def test_themes_are_drawn_with_a_table_beneath_each_picture(officer: Client, scene: Scene) -> None:
    places = [
        {"theme_id": str(theme.id), "x": x, "y": 0.5} for theme, x in zip(scene.themes, (-1.0, -0.9, 1.0), strict=True)
    ]
    scene.framework.outlook = {"revision": 0, "advice": [], "map": {"places": places, "kept": 0.8}}
    scene.session.commit()
    page = officer.get(f"{scene.url}/pictures?by=lot")
    rows = [["".join(cell.itertext()) for cell in row] for row in page.tree.findall(".//tbody/tr")]
    assert rows[0] == ["1 Staff", "2", "Price"]
    assert rows[3:] == [[title, "2", "2"] for title in ("Staff", "Price", "Escorts")]
    assert page.html.count('<svg class="chart"') == 2
    assert "80%" in page.text
    assert len(page.statements) <= 15


def test_what_providers_answered_of_their_kind_and_size_is_drawn_for_those_who_may_read_responses(
    client: Client, scene: Scene
) -> None:
    session, comment = scene.session, scene.session.get_one(ThemeAssignment, (scene.framework.id, 1)).comment
    comment.organisation.provider_kind = comment.organisation.size = None
    session.execute(text("SET LOCAL session_replication_role = replica"))  # it is submitted
    submission = session.get_one(Submission, comment.answer.submission_id)
    submission.answered_kind, submission.answered_size = ProviderKind.GP_FEDERATION, ProviderSize.MEDIUM
    session.commit()

    def told(by: str) -> list[str]:
        heads = client.get(f"{scene.url}/pictures?by={by}").tree.findall(".//thead//th")
        return ["".join(head.itertext()) for head in heads if "".join(head.itertext()) != "Theme"]

    client.sign_in(scene.officer)
    assert "GP federation or primary care network" in told("kind")
    assert "Medium" in told("size")
    client.sign_in(colleague_as(scene, TeamRole.REVIEWER))
    assert "GP federation or primary care network" not in told("kind")
    assert "Medium" not in told("size")
    assert "Not known" in told("kind")
    assert "Not known" in told("size")


def test_advice_is_shown_with_its_rationale(officer: Client, scene: Scene) -> None:
    staff, price, _ = (str(theme.id) for theme in scene.themes)
    advice = {
        "theme_id": staff,
        "other_id": price,
        "rule": "close",
        "reason": "alike",
        "rationale": "Readers count twice.",
    }
    scene.framework.outlook = {"revision": 0, "advice": [advice], "map": {"places": [], "kept": 0.0}}
    scene.session.commit()
    assert officer.get(scene.url).text.count("Close to another") == 2
    assert "Advice to look at on 2 themes" in officer.get(f"{scene.url}/sign").text
    page = officer.get(f"{scene.url}/theme/{price}")
    assert "Readers count twice." in page.text
    assert "“Price” and “Staff”" in page.text
    assert "renewed" not in page.text
    officer.submit(page_of_price := f"{scene.url}/theme/{price}", {"title": "Prices"}, action=page_of_price)
    assert "The advice is from before the last act, and is being renewed." in officer.get(page_of_price).text


def test_answers_in_themes_are_told_beside_how_many_were_read(officer: Client, scene: Scene) -> None:
    """The worker's advice takes shares of as many. What fits no theme was read, what was set aside before was not."""
    row = scene.session.get_one(ThemeAssignment, (scene.framework.id, 6))
    row.theme_id, row.pile, row.reason = None, Pile.SET_ASIDE, "no_words"
    other = scene.session.get_one(ThemeAssignment, (scene.framework.id, 3))
    other.theme_id, other.pile = None, Pile.DOES_NOT_FIT
    scene.session.commit()
    assert "6 answers from 2 providers, 5 of them read for themes: 4 statements" in officer.get(scene.url).text
    assert standing_of(scene.session, scene.framework).read == 5


def test_a_sealed_engagement_has_no_framework(officer: Client, scene: Scene) -> None:
    scene.session.execute(text("UPDATE engagement SET sealed = true, opened_at = NULL"))
    scene.session.commit()
    officer.get(scene.url, status=404)


def test_twenty_thousand_statements_take_no_more_statements_of_sql_and_no_larger_page(
    officer: Client, scene: Scene
) -> None:
    few = officer.get(f"{scene.url}/statements")
    scene.session.connection().connection.driver_connection.execute(MANY_STATEMENTS)
    scene.session.commit()
    for asked in ("", "?show=unsure", f"?place={scene.theme('Price').id}&page=400"):
        many = officer.get(f"{scene.url}/statements{asked}")
        assert len(many.statements) == len(few.statements) <= 15
        assert many.html.count('name="chosen"') == 25
        assert len(many.html) < 80_000
    for url in (f"{scene.url}/sign", f"/runs/{scene.framework.part.run_id}/report/themes"):
        assert len(officer.get(url).statements) <= 15
    overview = officer.get(scene.url)
    assert len(overview.statements) <= 15
    assert "20,006 answers" in overview.text
