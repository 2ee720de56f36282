"""Every text of a page that somebody other than an officer can see is in the catalogue."""

from __future__ import annotations

import pytest

from tests.pseudo_locale import untranslated

PAGE = "<!DOCTYPE html><html lang='el'><title>Ωωω - Soundings</title><body>{}</body></html>"


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("<p>Ηελλο ωορλδ</p>", []),
        ("<p>Ηελλο <b>world</b> ωορλδ</p>", ["world"]),
        ("<p>Ηελλο <b>ω</b> world</p>", ["world"]),
        ("<nav aria-label='Menu'></nav>", ["Menu"]),
        ("<input type=submit value='Send'><input value='typed'>", ["Send"]),
        ("<img alt='A chart' title='Shares'>", ["A", "chart", "Shares"]),
        ("<input placeholder='Name'>", ["Name"]),
        ("<div data-i18n.show-password='Show' data-module='govuk-button' data-maxwords='5'></div>", ["Show"]),
        ("<form data-signed-out='Sign in again' data-autosave-url='/saved'></form>", ["Sign", "in", "again"]),
        ("<svg><title>Bids</title><text>Two</text></svg>", ["Bids", "Two"]),
        ("<p>ann@example.com, https://example.com/a, NW-2026-01</p>", []),
        ("<p>6-digit</p>", ["digit"]),
        ("<p translate=no>JBSW Y3DP</p><button lang=cy>Cymraeg</button>", []),
        ("<script>const word = 'hello'</script><!-- hello -->", []),
    ],
)
def test_a_word_left_out_of_the_catalogue_is_found(markup: str, words: list[str]) -> None:
    assert untranslated(PAGE.format(markup)) == words


def test_a_page_in_another_language_is_no_evidence() -> None:
    with pytest.raises(ValueError, match="another language"):
        untranslated("<html lang=en><p>Ωωω</p>")
