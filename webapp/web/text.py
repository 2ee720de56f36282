"""What text we can keep exactly as typed, and how we show text that we cannot."""

import re
import unicodedata
import uuid
from collections.abc import Sequence

# NUL cannot be stored by PostgreSQL, lone surrogates have no UTF-8 form, and the other control characters and
# non-characters have no place in a page or in the XML of an export.
_OTHER_PLANES = "".join(f"{chr(plane << 16)}-{chr(plane << 16 | 0xFFFD)}" for plane in range(1, 17))
_UNSTORABLE = re.compile(f"[^ -~\t\n\r\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd{_OTHER_PLANES}]")

# Within a line that names something: what has no look of its own, and what turns the words around it. With these, two
# names look the same, or one reads as another. Emoji and the scripts that join or part their letters need the joiners,
# flags of countries their tags, and lines that hold words from right to left the marks of direction.
_ALWAYS_HIDDEN = (
    "[\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb]"
    "|(?<![\u0600-\u1cff\u2190-\u2bff\ua800-\uabff\ufb50-\ufdff\ufe0f\ufe70-\ufefc\U00010800-\U0001faff])[\u200c\u200d]"
    "|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]"
)
_HIDDEN_AMONG_RIGHT_TO_LEFT = re.compile(_ALWAYS_HIDDEN)
_HIDDEN = re.compile(f"{_ALWAYS_HIDDEN}|[\u061c\u200e\u200f]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")

# Letters of these alphabets look alike, so that a word of two of them is made to pass for another.
_LATIN = "A-Za-z\xaa\xba\xc0-\xd6\xd8-\xf6\xf8-\u024f\u1e00-\u1eff"
_GREEK = "\u0370-\u0373\u0376-\u037d\u037f\u0386\u0388-\u03ff\u1f00-\u1fff"
_CYRILLIC = "\u0400-\u052f\u1c80-\u1c8a\ua640-\ua69f"
_LOOKS_LATIN = frozenset(  # of Greek and Cyrillic, with or without marks
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03f9\u037f\u03b9"
    "\u03ba\u03bd\u03bf\u03c1\u03c5\u03c7\u03f2\u03f3"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0406\u0408\u0405\u04ba\u0500"
    "\u051a\u051c\u04c0\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d"
    "\u04cf"
)
_WORD = re.compile(r"[^\W\d_]+")
_ALPHABETS = [re.compile(f"[{letters}]") for letters in (_LATIN, _GREEK, _CYRILLIC)]

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def is_storable(text: str) -> bool:
    """Whether every character survives the database, a page and an export unchanged."""
    return _UNSTORABLE.search(text) is None


def show(text: str) -> str:
    """The text with each character that has no place in a page shown as U+FFFD."""
    return _UNSTORABLE.sub(REPLACEMENT, text)


def revealed(line: str) -> str:
    """The line with each character that nobody sees, or that turns others around, shown as U+FFFD.

    >>> revealed("Acorn\\u200b Care"), revealed("می\\u200cخواهم") == "می\\u200cخواهم"
    ('Acorn� Care', True)
    """
    return (_HIDDEN_AMONG_RIGHT_TO_LEFT if _RIGHT_TO_LEFT.search(line) else _HIDDEN).sub(REPLACEMENT, line)


def hides(line: str) -> bool:
    """Whether the line has a character that nobody sees, or the mark that stands in the place of one."""
    return REPLACEMENT in revealed(line)


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing of it.

    >>> is_blank(" \\u200b\\n"), is_blank("No.")
    (True, False)
    """
    in_sight = revealed(text).replace(REPLACEMENT, "")
    return not any(unicodedata.category(character)[0] in "LNPS" for character in in_sight)


def disguised_word(name: str) -> str:
    """The first word by which a name could pass for another; nothing where there is none.

    Of an honest name no word has letters of several alphabets. Nor do all its Greek and Cyrillic letters look Latin:
    one that does not tells what the name is written in.

    >>> disguised_word("Ac\u043ern Care") == "Ac\u043ern", disguised_word("Acorn \u0410\u043a\u043e\u0440\u043d")
    (True, '')
    >>> pace = "\u0420\u0410\u0421\u0415"
    >>> disguised_word(f"{pace} Care") == pace, disguised_word(f"{pace} \u0411\u0430\u043d\u043a")
    (True, '')
    """
    if name.isascii():
        return ""
    words = _WORD.findall(name)
    mixed = (word for word in words if sum(bool(each.search(word)) for each in _ALPHABETS) > 1)
    return next(mixed, "") or _passes_for_latin(words)


def _passes_for_latin(words: Sequence[str]) -> str:
    """The first word in another alphabet, if nothing in these words shows that it is."""
    others = [word for word in words if any(each.search(word) for each in _ALPHABETS[1:])]
    letters = "".join(unicodedata.normalize("NFD", word) for word in others)
    is_shown = any(not (letter in _LOOKS_LATIN or unicodedata.combining(letter)) for letter in letters)
    return "" if is_shown else next(iter(others), "")


def length(text: str) -> int:
    """Characters as a person counts them: a line break is one, however it was sent."""
    return len(text.replace("\r\n", "\n"))


def simplified(name: str) -> str:
    """A name as it is compared: capitals and marks make no difference.

    >>> simplified("Latest end *") == simplified("latest_end")
    True
    """
    return re.sub(r"[\W_]+", " ", name).strip().casefold()


def seen(name: str) -> str:
    """A name as a list shows it, where capitals and the number of spaces tell no two apart.

    >>> seen("HMP  Stoke ") == seen("hmp stoke")
    True
    """
    return " ".join(name.split()).casefold()


def shortened(text: str, longest: int) -> str:
    """At most so many characters, the last of them an ellipsis where it goes on, if possible after a word.

    >>> shortened("Parking is poor", 13), shortened("Carparkingspaces", 9)
    ('Parking is…', 'Carparki…')
    """
    if len(text) <= longest:
        return text
    word_ends = text.rfind(" ", 0, longest)
    return text[: word_ends if word_ends >= longest // 2 else longest - 1].rstrip() + "…"


def in_a_sentence(text: str) -> str:
    """A list that was typed a line for each, as a sentence says it.

    >>> in_a_sentence("Ann Price, head of care\\nBo Lee")
    'Ann Price, head of care; Bo Lee'
    """
    return "; ".join(line.strip() for line in text.splitlines() if line.strip())


def uuid_of(text: str | None) -> uuid.UUID | None:
    """The id that is written there, if it is one."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def count_words(text: str) -> int:
    return len(text.split())
