"""Words in a text that could tell who wrote it: what an organisation and its people are called, their domains, any
address or telephone number, and what only a present supplier says of itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from webapp.engagements.clarifications.ordinary_words import ABBREVIATIONS, GENERIC, ORDINARY
from webapp.models import Organisation, Person

SHORTEST = 3
FEWEST_INITIALS = 2
_LEGAL_FORM = re.compile(
    r"[\s,]+(ltd|limited|plc|llp|lp|cic|cio|c\.i\.c|community interest company|(nhs )?(foundation )?trust)\.?$",
    re.IGNORECASE,
)
_APOSTROPHES = "'’ʼ"
_DASHES = "-‐‑–"
_WORD = re.compile(rf"[^\W_]+(?:[{_APOSTROPHES}][^\W_]+)*")
_GENITIVE = re.compile(rf"[{_APOSTROPHES}]s$")
_LINKS = frozenset({"and", "for", "in", "of", "the", "to", "nhs"})
_VARIANTS = (
    {" ": r"\s+"}
    | dict.fromkeys(_APOSTROPHES, f"[{_APOSTROPHES}]?")  # often left out
    | dict.fromkeys(_DASHES, f"[{_DASHES}]")  # the hyphen comes first, where it means itself
)
_CONTACT = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:\+44|\(?0)(?:[ ()-]{0,2}\d){9,10}"
_PRESENT = r"current|existing|present"
_SUPPLIES = "hold|run|provide|deliver|manage|employ"
_FEW_WORDS = r"(?:[^\s.?!]+\s+){0,5}?"
_SUPPLIER = (
    rf"(?i:as (?:the|an|a) (?:incumbent|(?:{_PRESENT}) (?:provider|supplier|contractor))"
    rf"|(?:our|us as) (?:{_PRESENT}) (?:contracts?|services?|staff|team|patients|provider)"
    rf"|we (?:currently|already|now|presently) (?:{_SUPPLIES})|we (?:hold|are) the"
    rf"|we {_FEW_WORDS}(?:do|{_SUPPLIES}) {_FEW_WORDS}(?:now|already|currently|at present|at the moment))"
)
PUBLIC_DOMAINS = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com", "yahoo.co.uk", "icloud.com", "nhs.net"}
)


@dataclass(frozen=True, slots=True)
class Identity:
    """What gives an organisation away: `phrases` in any case, `words` only as written, since Will may be will.

    Beside these, whoever it is: addresses, telephone numbers, and what a present supplier says of itself.
    """

    phrases: tuple[str, ...]
    words: tuple[str, ...]

    def found_in(self, text: str) -> tuple[str, ...]:
        """Each place as it stands in the text, once, in the order of the text."""
        return tuple(dict.fromkeys(match[0] for match in self._pattern().finditer(text)))

    def marked(self, text: str) -> Markup:
        """The text, escaped, with each place in a mark element."""
        parts, end = [], 0
        for match in self._pattern().finditer(text):
            parts += [Markup.escape(text[end : match.start()]), Markup("<mark>{}</mark>").format(match[0])]
            end = match.end()
        return Markup().join([*parts, Markup.escape(text[end:])])

    def _pattern(self) -> re.Pattern[str]:
        """The longest first, so that a whole name is marked rather than its first word. Never matches nothing."""
        phrases = "|".join(map(_literal, sorted(self.phrases, key=len, reverse=True)))
        words = "|".join(map(_literal, sorted(self.words, key=len, reverse=True)))
        names = rf"(?i:{phrases or '(?!)'})|(?:{words or '(?!)'})"
        return re.compile(rf"(?<!\w)(?:{_CONTACT}|(?:{names})s?|{_SUPPLIER})(?!\w)")


def identity_of(organisation: Organisation | None, invited: Iterable[Person] = ()) -> Identity:
    """The memberships and their people must be loaded. Of nobody, only addresses, numbers and the like tell.

    People shorten the name of an organisation, so that each of its distinctive words and its initials tell, too.
    """
    if organisation is None:
        return Identity((), ())
    members = [member.person for member in organisation.memberships]
    people = [*members, *(person for person in invited if person not in members)]
    emails = [email for person in people for email in (person.email, *person.former_emails)]
    domains = {email.rpartition("@")[2].lower() for email in emails} - PUBLIC_DOMAINS
    called = _without_legal_form(organisation.name)
    of_people = [name for person in people for name in (person.name, *person.former_names)]
    names = [organisation.name, called, *of_people]
    own = _words(called) | _words(" ".join(domain.partition(".")[0] for domain in domains))
    distinctive = {word for word in own if word.lower() not in GENERIC}
    rare = {word for word in distinctive if word.lower() not in ORDINARY}
    phrases = [*names, *emails, *domains, *rare, "".join(called.split())]
    words = [part for name in of_people for part in name.split()]
    as_written = [form for word in distinctive - rare for form in (word.capitalize(), word.upper())]
    return Identity(
        tuple(sorted(_telling(phrases) - GENERIC)),
        tuple(sorted(_telling([*words, *as_written]) | _initials(organisation.name, called))),
    )


def _without_legal_form(name: str) -> str:
    return _LEGAL_FORM.sub("", " ".join(name.split()))


def _words(name: str) -> set[str]:
    """Those with a genitive both with it and without: people say Oswald of St Oswald's."""
    found = {word.strip(_APOSTROPHES) for word in _WORD.findall(name)}
    return found | {_GENITIVE.sub("", word) for word in found}


def _initials(*names: str) -> set[str]:
    """Of all words of each name, and of those that are not mere links, such as "of": AHL and AH for Acme Health Ltd."""
    made = set()
    for name in names:
        words = [word for word in _WORD.findall(name) if word[0].isalpha()]
        for kept in (words, [word for word in words if word.lower() not in _LINKS]):
            made.add("".join(word[0] for word in kept).upper())
    return {initials for initials in made if len(initials) >= FEWEST_INITIALS} - ABBREVIATIONS


def _telling(parts: Iterable[str]) -> set[str]:
    return {part.strip() for part in parts if len(part.strip()) >= SHORTEST and _WORD.search(part)}


def _literal(phrase: str) -> str:
    """The phrase as a pattern, whatever its spaces, apostrophes and dashes look like in a text."""
    return "".join(_VARIANTS.get(character) or re.escape(character) for character in " ".join(phrase.split()))
