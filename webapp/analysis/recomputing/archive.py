"""The inputs and the results of a run as one file, with how to make the ones from the others again."""

from __future__ import annotations

import io
import zipfile
from hashlib import sha256

from intelligence import CapacityReport
from intelligence.files import from_json
from webapp.analysis.recomputing.frozen import (
    elsewhere_file,
    left_out_of,
    market_file,
    priors_file,
    problem_file,
    result_file,
    schedule_file,
)
from webapp.analysis.recomputing.queries import Frozen
from webapp.analysis.runs import RunParameters, code_version, library_versions, run_reference
from webapp.models import AnalysisRun
from webapp.web.format import moment

MEDIA_TYPE = "application/zip"
_ALWAYS_AS_NEW = (1980, 1, 1, 0, 0, 0)
ABOUT = """\
Recompute the figures of analysis {run}
{line}
{title}
{synthetic}
The seed is {seed}, and {draws} futures were drawn. The code that computed is {code}, asked for on {asked}. How to find
and install it, and what this file leaves out, is in docs/how-to/recompute-a-figure.md of the program. With it, in the
folder of these files:

{commands}

A command that prints nothing after its notes has made the very bytes that were reported. On another kind of processor
last digits may differ. Code of before 23 November 2026, 20:02 UTC knows no --priors, --elsewhere or --work: use the
commands of later code then, and compare as far as the figures and their formats agree.{stopped}

Providers bear their identifiers instead of their names, and nothing that they wrote is in here but the names of
consortia, which often are those of partners. Titles and reasons that officers wrote are in here, and present
suppliers can be told from the contracts. Give it to nobody who may not read the responses themselves.

SHA-256
{digests}
{libraries}"""


def files_of(run: AnalysisRun, frozen: Frozen) -> dict[str, bytes]:
    """By name; none bears a date, so that what did not change gives the same bytes."""
    parameters = from_json(RunParameters, run.parameters)
    found = {
        "market.json": market_file(frozen.inputs),
        "priors.json": priors_file(parameters, frozen.capacity),
        "elsewhere.json": elsewhere_file(frozen.history),
        "capacity-report.json": result_file(CapacityReport, frozen.capacity),
    }
    left_out = left_out_of(frozen.inputs, parameters)
    for number, plan in enumerate(frozen.plans, 1):
        found[f"schedule-problem-{number}.json"] = problem_file(plan.result)
        found[f"schedule-{number}.json"] = schedule_file(plan.result, left_out)
    made = {name: octets for name, octets in found.items() if octets is not None}
    return {"README.txt": _about(run, frozen, made).encode(), **made}


def archived(files: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, octets in files.items():
            entry = zipfile.ZipInfo(name, _ALWAYS_AS_NEW)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, octets)
    return held.getvalue()


def _about(run: AnalysisRun, frozen: Frozen, made: dict[str, bytes]) -> str:
    reference, programme = run_reference(run), run.engagement.programme
    stopped = [str(number) for number, plan in enumerate(frozen.plans, 1) if plan.stopped]
    return ABOUT.format(
        run=reference,
        line="=" * len(f"Recompute the figures of analysis {reference}"),
        title=f"{programme.title}: {run.engagement.title}",
        synthetic=f"{programme.synthetic_note}\n" if programme.synthetic_note else "",
        seed=run.seed,
        draws=run.parameters["draws"],
        code=run.code_version,
        asked=moment(run.requested_at),
        commands="\n".join(_commands(run, frozen, made)),
        stopped=f"\nSchedule {', '.join(stopped)} was ended by hand, and need not come out again." if stopped else "",
        digests="\n".join(f"{sha256(octets).hexdigest()}  {name}" for name, octets in made.items()),
        libraries=_libraries() if run.code_version == code_version() else "",
    )


def _commands(run: AnalysisRun, frozen: Frozen, made: dict[str, bytes]) -> list[str]:
    options = [f"--{name} {name}.json" for name in ("priors", "elsewhere") if f"{name}.json" in made]
    capacity = " ".join(["capacity market.json", *options, f"--seed {run.seed} --draws {run.parameters['draws']}"])
    lines = [_command(capacity, "capacity-report.json")]
    for number, plan in enumerate(frozen.plans, 1):
        seed, work = plan.result["value"]["seed"], plan.result["value"]["seconds"]
        lines.append(f"\n    # {' '.join(plan.question.split())}")
        if plan.code_version != run.code_version:
            lines.append(
                f"    # Computed by code {plan.code_version}, asked for on {moment(plan.asked_at)}: install that"
            )
        lines.append(
            _command(f"schedule schedule-problem-{number}.json --seed {seed} --work {work}", f"schedule-{number}.json")
        )
    return lines


def _command(command: str, result: str) -> str:
    again = f"again-{result}"
    return f"    python -m intelligence {command} --out {again}\n    cmp {again} {result}"


def _libraries() -> str:
    listed = "\n".join(f"{library}=={installed}" for library, installed in library_versions().items())
    return f"\nThe libraries that computed\n{listed}\n"
