"""Where a figure came from."""

from dataclasses import dataclass
from datetime import datetime

from webapp.web.format import plural


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """The run behind a figure: enough to repeat it to the byte."""

    run: str
    href: str
    finished: datetime | None
    """Not known any more of a run whose parts are destroyed."""
    seed: int
    inputs: str
    """Digest of the inputs, shortened."""
    code: str
    """Version of the code."""
    received: int = 0
    """How many of the responses behind it officers had entered or imported."""
    withdrawn: int = 0
    """How many of them have been withdrawn since."""
    submitted: int = 0
    """How many responses have been submitted or amended since."""
    rejoined: bool = False
    """Whether providers have been joined or parted since."""

    @property
    def outdated(self) -> str:
        return outdated_words("this run", withdrawn=self.withdrawn, submitted=self.submitted, rejoined=self.rejoined)


def outdated_words(what: str, *, withdrawn: int = 0, submitted: int = 0, rejoined: bool = False) -> str:
    """That what is shown rests on responses which no longer count, or not on others that do, or counts providers as
    they were; nothing if not."""
    said = []
    if withdrawn:
        have = "has" if withdrawn == 1 else "have"
        said.append(f"{plural(withdrawn, 'response')} behind {what} {have} been withdrawn since.")
    if submitted:
        have, are = ("has", "is") if submitted == 1 else ("have", "are")
        came = f"{plural(submitted, 'response')} {have} been submitted or amended since"
        said.append(f"{came} and {are} not behind {what}.")
    if rejoined:
        said.append(f"Providers have been joined or parted since, and {what} counted them as they were.")
    return " ".join([*said, "Run the analysis again."]) if said else ""
