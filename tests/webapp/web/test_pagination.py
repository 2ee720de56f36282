"""Pages of a long list stay within it, whatever an address asks for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.web.pagination import Page, paginate, requested_page

steady = settings(max_examples=50, deadline=None)  # a busy machine is no fault of ours


@pytest.mark.parametrize(
    ("asked", "number"),
    [(None, 1), ("", 1), ("2", 2), ("0", 1), ("-1", 1), ("99", 4), ("two", 1), ("²", 1), ("9" * 5000, 1)],
)
def test_the_page_asked_for_is_brought_within_the_list(asked: str | None, number: int) -> None:
    assert requested_page(asked, total=100) == number


@steady
@given(total=st.integers(0, 400), per_page=st.integers(1, 50))
def test_the_pages_together_are_the_list(total: int, per_page: int) -> None:
    everything = list(range(total))
    pages = [
        paginate(total, lambda limit, offset: everything[offset : offset + limit], str(number), per_page)
        for number in range(1, max(1, -(-total // per_page)) + 1)
    ]
    assert [item for page in pages for item in page.items] == everything
    assert all(len(page.items) == (page.last - page.first + 1 if total else 0) for page in pages)
    assert pages[-1].pages == len(pages)


def test_links_leave_out_what_is_far() -> None:
    assert Page(items=(), number=5, total=250).links == (1, None, 4, 5, 6, None, 10)
    assert Page(items=(), number=1, total=75).links == (1, 2, 3)
