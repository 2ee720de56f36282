"""One page of a long list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")

PER_PAGE = 25


@dataclass(frozen=True)
class Page(Generic[Item]):
    """`items` are those of this page, counted from 1; `total` counts the whole list."""

    items: Sequence[Item]
    number: int
    total: int
    per_page: int = PER_PAGE

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.per_page))

    @property
    def first(self) -> int:
        """The position of this page's first item in the list, from 1; 0 in an empty list."""
        return min((self.number - 1) * self.per_page + 1, self.total)

    @property
    def last(self) -> int:
        return min(self.number * self.per_page, self.total)

    @property
    def links(self) -> tuple[int | None, ...]:
        """The page numbers to offer: the ends and this page's neighbours, None where some are left out."""
        near = {1, self.pages, self.number - 1, self.number, self.number + 1}
        shown: list[int | None] = []
        for number in sorted(number for number in near if 1 <= number <= self.pages):
            if shown and number - (shown[-1] or 0) > 1:
                shown.append(None)
            shown.append(number)
        return tuple(shown)


def requested_page(text: str | None, total: int, per_page: int = PER_PAGE) -> int:
    """The page number asked for in an address, brought within the list: nonsense is page 1."""
    last = max(1, -(-total // per_page))
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 1
    return min(max(number, 1), last)


def paginate(
    total: int, fetch: Callable[[int, int], Sequence[Item]], asked: str | None, per_page: int = PER_PAGE
) -> Page[Item]:
    """Fetch one page: `fetch(limit, offset)` returns its items."""
    number = requested_page(asked, total, per_page)
    return Page(fetch(per_page, (number - 1) * per_page), number, total, per_page)
