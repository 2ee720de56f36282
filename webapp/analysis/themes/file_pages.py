"""What the page of files shows: of each kind how far it is, which state it shows, and whether that still stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from webapp.analysis.themes.files import is_current, shown_in
from webapp.models import RunState, ThemeFile, ThemeFileKind, ThemeFramework
from webapp.web.files import clean_name
from webapp.web.format import moment, number, percent, plural

TITLES = {ThemeFileKind.XLSX: "Workbook (XLSX)", ThemeFileKind.CSV: "Statements (CSV)"}
NAMES = {ThemeFileKind.XLSX: "workbook", ThemeFileKind.CSV: "CSV file"}
HOLDS = {
    ThemeFileKind.XLSX: "The themes, every statement with its theme, the acts, and the replies to themes.",
    ThemeFileKind.CSV: "Every statement with its theme.",
}


@dataclass(frozen=True, slots=True)
class FileOnPage:
    """`shows` and `download` are empty until it is written, `ask` while it is under way or shows what stands."""

    kind: ThemeFileKind
    title: str
    holds: str
    failure: str
    shows: str
    download: str
    ask: str


def on_page(framework: ThemeFramework, files: Mapping[ThemeFileKind, ThemeFile]) -> list[FileOnPage]:
    return [_on_page(framework, kind, files.get(kind)) for kind in ThemeFileKind]


def _on_page(framework: ThemeFramework, kind: ThemeFileKind, file: ThemeFile | None) -> FileOnPage:
    wanted = file is None or not (file.is_under_way or is_current(file, framework))
    shows = _shows(framework, file) if file else ""
    return FileOnPage(
        kind=kind,
        title=TITLES[kind],
        holds=HOLDS[kind],
        failure=(file.failure or "") if file else "",
        shows=shows,
        download=f"Download the {NAMES[kind]}" if shows else "",
        ask=f"Prepare the {NAMES[kind]}{' again' if file else ''}" if wanted else "",
    )


def _shows(framework: ThemeFramework, file: ThemeFile) -> str:
    shown = shown_in(file)
    if shown is None:
        return ""
    state = f"after act {number(shown.revision)}" if shown.revision else "before anybody acted"
    since = framework.revision - shown.revision
    later = f" {plural(since, 'act')} since then {'is' if since == 1 else 'are'} not in it." if since else ""
    return f"It shows what stood {state}, at {moment(shown.at)}.{later}"


def progress_text(files: Mapping[ThemeFileKind, ThemeFile]) -> str:
    """How far those under way are; empty when none is."""
    return " ".join(
        f"{TITLES[kind]}: {_progress(files[kind])}"
        for kind in ThemeFileKind
        if kind in files and files[kind].is_under_way
    )


def _progress(file: ThemeFile) -> str:
    if file.state is RunState.WAITING:
        return "waiting for a worker to begin."
    return f"{percent(file.progress)} written."


def name_of(framework: ThemeFramework, file: ThemeFile) -> str:
    """What the file is called, with the state that it shows."""
    shown = shown_in(file)
    parts = ("themes", framework.engagement.reference.replace("/", "-"), framework.question_key)
    act = f"act-{shown.revision if shown else 0}"
    return clean_name(f"{'-'.join((*parts, act))}.{file.kind}", file.kind.value)
