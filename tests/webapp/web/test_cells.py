"""Cells of tables: long words may break, and nothing that is not ours is taken for markup."""

from __future__ import annotations

from markupsafe import Markup

from webapp.web.cells import breakable, lines, link, row_cells, stacked_cells

LONG = "x" * 30


def test_a_long_word_may_break_and_is_escaped_and_others_stay() -> None:
    assert breakable(f"a <b> {LONG}& c") == f'a &lt;b&gt; <span class="app-long-word">{LONG}&amp;</span> c'
    assert breakable("x" * 29) == "x" * 29
    assert breakable(12) == 12
    assert breakable(Markup("<i>%s</i>") % LONG) == f"<i>{LONG}</i>"


def test_links_and_lines_of_a_cell_are_broken_too() -> None:
    assert f'<span class="app-long-word">{LONG}</span></a>' in link(LONG, "/x")
    assert lines(["a", LONG]) == f'a<br><span class="app-long-word">{LONG}</span>'


def test_the_cells_of_a_row_are_escaped_and_stand_under_their_columns() -> None:
    columns: list[dict[str, object]] = [{"text": "Lot"}, {"text": "Bids", "numeric": True}, {"text": "Note"}]
    assert row_cells(("<b>", 12, Markup("<i>ours</i>")), columns) == (
        '<th scope="row" class="govuk-table__header">&lt;b&gt;</th>'
        '<td class="govuk-table__cell govuk-table__cell--numeric">12</td>'
        '<td class="govuk-table__cell"><i>ours</i></td>'
    )


def test_a_row_that_a_narrow_screen_stacks_says_the_column_of_each_cell() -> None:
    columns: list[dict[str, object]] = [{"text": "Lot"}, {"text": 'A & "B"', "numeric": True}]
    assert stacked_cells(("<b>", 12), columns) == (
        '<th scope="row" role="rowheader" class="govuk-table__header">&lt;b&gt;</th>'
        '<td role="cell" class="govuk-table__cell govuk-table__cell--numeric" data-column="A &amp; &#34;B&#34;">12</td>'
    )
