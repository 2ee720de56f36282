"""Long words in tables: they may break, and nothing else changes."""

from __future__ import annotations

from markupsafe import Markup

from webapp.web.cells import breakable, lines, link

LONG = "x" * 30


def test_a_long_word_may_break_and_is_escaped_and_others_stay() -> None:
    assert breakable(f"a <b> {LONG}& c") == f'a &lt;b&gt; <span class="app-long-word">{LONG}&amp;</span> c'
    assert breakable("x" * 29) == "x" * 29
    assert breakable(12) == 12
    assert breakable(Markup("<i>%s</i>") % LONG) == f"<i>{LONG}</i>"


def test_links_and_lines_of_a_cell_are_broken_too() -> None:
    assert f'<span class="app-long-word">{LONG}</span></a>' in link(LONG, "/x")
    assert lines(["a", LONG]) == f'a<br><span class="app-long-word">{LONG}</span>'
