"""``python -m intelligence formats --out DIRECTORY``: the files of the other commands as JSON Schema.

The schemas are made from the types that read and write the files, so they cannot say anything else. Two things they
cannot say are checked on reading: that identifiers are known and unique, and that dates and numbers make sense
together.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from intelligence.capacity.priors import Prior
from intelligence.capacity.report import CapacityReport
from intelligence.files import FileError, os_reason
from intelligence.forecast.result import HistoryForecast
from intelligence.lots.design import LotDesign
from intelligence.lots.result import LotDesignResult
from intelligence.market import Market, Outcome
from intelligence.schedule.plan import Schedule
from intelligence.schedule.problem import ScheduleProblem
from intelligence.schedule.project import ProjectPlan

FORMATS: dict[str, Any] = {
    "capacity-report": CapacityReport,
    "changed-priors": dict[str, Prior],
    "history-forecast": HistoryForecast,
    "lot-design": LotDesign,
    "lot-design-result": LotDesignResult,
    "market": Market,
    "outcomes": tuple[Outcome, ...],
    "project-plan": ProjectPlan,
    "schedule": Schedule,
    "schedule-problem": ScheduleProblem,
}

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", required=True, metavar="DIRECTORY", help="where the schemas go, a file each")


def run(arguments: argparse.Namespace) -> int:
    """Write every schema.

    Raises:
        FileError: the directory cannot be written to.
    """
    for name in FORMATS:
        path = Path(arguments.out, file_name(name))
        try:
            path.write_text(json_schema(name), encoding="utf-8")
        except (OSError, ValueError) as error:
            raise FileError(f"{path}: {os_reason(error)}") from error
    return 0


def file_name(name: str) -> str:
    return f"{name}.schema.json"


def json_schema(name: str) -> str:
    """The schema of a format, as the text of its file. Unknown keys are refused, as they are on reading."""
    schema = {"$schema": _DIALECT, **TypeAdapter(FORMATS[name]).json_schema()}
    for definition in (schema, *schema.get("$defs", {}).values()):
        if definition.get("type") == "object":
            definition.setdefault("additionalProperties", False)  # names of assumptions are a schema's own
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
