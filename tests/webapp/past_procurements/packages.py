"""Handwritten release packages for the tests, in the manner of Find a Tender."""

from __future__ import annotations

import copy
import json
from typing import Any

OCID = "ocds-h6vhtk-00a001"
FIRM = {"id": "GB-FTS-1", "name": "Time for Teeth Ltd"}
RIVAL = {"id": "GB-FTS-2", "name": "Spectrum Dental CIC"}
TENDER: dict[str, Any] = {
    "ocid": OCID,
    "id": "000001-2021",
    "date": "2021-05-20T09:00:00+01:00",
    "tag": ["tender"],
    "initiationType": "tender",
    "language": "en",
    "buyer": {"id": "GB-FTS-9", "name": "A Commissioning Board"},
    "parties": [{"id": "GB-FTS-9", "name": "A Commissioning Board", "roles": ["buyer"]}],
    "tender": {
        "id": "T1",
        "title": "Dental services in prisons",
        "status": "active",
        "classification": {"scheme": "CPV", "id": "85130000", "description": "Dental practice services"},
        "procurementMethodDetails": "Open procedure",
        "value": {"amount": 5_000_000, "currency": "GBP"},
        "tenderPeriod": {"endDate": "2021-07-20T12:00:00+01:00"},
        "items": [
            {"id": "1", "relatedLot": "A", "deliveryAddresses": [{"region": "North West"}]},
            {"id": "2", "relatedLot": "B", "deliveryAddresses": [{"region": "Yorkshire"}]},
        ],
        "lots": [
            {
                "id": "A",
                "title": "Liverpool",
                "value": {"amount": 3_000_000, "currency": "GBP"},
                "contractPeriod": {"startDate": "2022-04-01", "endDate": "2023-03-31"},
            },
            {"id": "B", "title": "Leeds", "value": {"amount": 0, "currency": "GBP"}},
        ],
    },
}
AWARD: dict[str, Any] = {
    "ocid": OCID,
    "id": "000002-2021",
    "date": "2021-12-01T09:00:00Z",
    "tag": ["award"],
    "initiationType": "tender",
    "parties": [
        {**FIRM, "roles": ["supplier"], "identifier": {"scheme": "GB-COH", "id": "01234567"}},
        {**RIVAL, "roles": ["tenderer"]},
    ],
    "tender": {"id": "T1", "status": "complete"},
    "bids": {
        "statistics": [
            {"id": "1", "measure": "bids", "value": 3, "relatedLot": "A"},
            {"id": "2", "measure": "validBids", "value": 2, "relatedLot": "A"},
            {"id": "3", "measure": "requests", "value": 5, "relatedLot": "A"},
            {"id": "4", "measure": "bids", "value": 0, "relatedLot": "B"},
        ],
        "details": [{"id": "b1", "status": "valid", "relatedLots": ["A"], "tenderers": [FIRM, RIVAL]}],
    },
    "awards": [
        {
            "id": "a1",
            "status": "active",
            "date": "2021-11-30T00:00:00Z",
            "value": {"amount": 2_900_000, "currency": "GBP"},
            "suppliers": [FIRM],
            "relatedLots": ["A"],
        },
        {"id": "a2", "status": "unsuccessful", "date": "2021-11-30T00:00:00Z", "relatedLots": ["B"]},
    ],
}


def package(*releases: dict[str, Any]) -> bytes:
    whole = {"uri": "https://example.org/1", "version": "1.1", "publishedDate": "2021-12-02T00:00:00Z"}
    return json.dumps({**whole, "releases": list(releases)}).encode()


def changed(release: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy with another value at a path like tender/lots/0/id."""
    copied: Any = copy.deepcopy(release)
    *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    target = copied
    for step in way:
        target = target[step]
    target[last] = value
    return copied
