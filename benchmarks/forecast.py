"""Forecasts from history against plain baselines, on the same lots in the same run.

    python -m benchmarks.forecast [--data FOLDER] [--without COLUMN ...]

Continuous ranked probability score, lower is better; 40 bids and more count as 40, the last figure that a forecast
names. Tsuchiura and Italy: the last 40% of lots by date, each forecast from the lots with earlier dates, with all
baselines given the same earlier lots. Toronto: leave one out, all others dated before; the interest is in documents
taken or, in the few "seen", in being prequalified or seeing the site. Each forecast comes out of
the public function behind ``python -m intelligence forecast``.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import binom, poisson

from intelligence.forecast.distributions import LEVELS, crps
from intelligence.forecast.forecast import forecast_bids
from intelligence.forecast.tenders import MOST_BIDS, PastLot, PlannedLot

TESTED = 0.4  # the last part of the lots
WORK = ("water", "road", "pipe", "sewer", "renewal", "renovation", "repair", "maintenance", "dismantling", "design")

Chances = npt.NDArray[np.float64]
Baseline = Callable[[Sequence[PastLot], PlannedLot], Chances]


def read(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def tsuchiura(folder: Path) -> list[PastLot]:
    """Lots of one city; a row of the file is a bid."""
    bids: dict[str, list[dict[str, str]]] = {}
    for row in read(folder / "tsuchiura_bids.csv.gz"):
        bids.setdefault(row["pid"], []).append(row)
    lots = []
    for pid, rows in bids.items():
        first = rows[0]
        lot = PlannedLot(
            pid,
            date.fromisoformat(first["date"]),
            category=next((kind for kind in WORK if first[kind] == "1"), "other"),
            value=float(first["reserveprice"]),
        )
        lots.append(PastLot(lot, int(first["num_bidders"]), tuple(row["bidder_id"] for row in rows)))
    return lots


def italy(folder: Path) -> list[PastLot]:
    """Works tenders of many authorities; only years are known."""
    lots = []
    for number, row in enumerate(read(folder / "italy_works_authority.csv.gz")):
        if row["n_bidders"]:
            year = int(float(row["year"]))
            value = float(row["reserve_price"]) if row["reserve_price"] else None
            lot = PlannedLot(
                str(number), date(year, 1, 1), row["authority_code"] or None, row["work_category"] or None, value=value
            )
            lots.append(PastLot(replace(lot, until=date(year, 12, 31)), int(float(row["n_bidders"]))))
    return lots


def toronto(folder: Path) -> list[PastLot]:
    """Tenders with the number of firms that took the documents."""
    return _toronto(folder, {"downloaded"})


def toronto_on_site(folder: Path) -> list[PastLot]:
    """The few with the number of firms that were prequalified or came to see the site."""
    return _toronto(folder, {"prequalified", "attended_mandatory", "attended_optional"})


def _toronto(folder: Path, signals: Collection[str]) -> list[PastLot]:
    return [
        PastLot(
            PlannedLot(row["id"], date(int(row["year"]), 1, 1), category=row["kind"], interest=int(row["n_signal"])),
            int(row["n_bids"]),
        )
        for row in read(folder / "trca_eoi_to_bid.csv")
        if row["signal"] in signals
    ]


def histogram(history: Sequence[PastLot], lot: PlannedLot) -> Chances:
    return np.bincount([min(past.bidders, MOST_BIDS) for past in history], minlength=MOST_BIDS + 1) / len(history)


def poisson_mean(history: Sequence[PastLot], lot: PlannedLot) -> Chances:
    return ended(poisson.pmf(LEVELS, np.mean([past.bidders for past in history])))


def raw_conversion(history: Sequence[PastLot], lot: PlannedLot) -> Chances:
    """Each interested firm bids with the share that did so far."""
    interested = sum(past.lot.interest or 0 for past in history)
    return ended(binom.pmf(LEVELS, lot.interest or 0, sum(past.bidders for past in history) / interested))


def ended(chances: Chances) -> Chances:
    """The last chance takes what lies beyond it."""
    chances[-1] += 1 - chances.sum()
    return chances


def mean_score(forecasts: Sequence[Chances], lots: Sequence[PastLot]) -> float:
    cumulative = np.minimum(np.cumsum(forecasts, axis=1), 1)
    return float(crps(cumulative, np.array([past.bidders for past in lots])).mean())


def last_lots(lots: Sequence[PastLot]) -> tuple[list[PastLot], list[Chances], dict[str, list[Chances]]]:
    """The lots tested, our forecasts, and those of the baselines, which change only from date to date."""
    ordered = sorted(lots, key=lambda past: past.lot.dated)
    tested = ordered[round(len(ordered) * (1 - TESTED)) :]
    ours = forecast_bids(ordered, [past.lot for past in tested])
    by_date: dict[date, dict[str, Chances]] = {}
    for past in tested:
        day = past.lot.dated
        if day not in by_date:
            earlier = [other for other in ordered if (other.lot.until or other.lot.dated) < day]
            by_date[day] = {name: make(earlier, past.lot) for name, make in BASELINES.items()}
    baselines = {name: [by_date[past.lot.dated][name] for past in tested] for name in BASELINES}
    return tested, [np.array(lot.probabilities) for lot in ours.lots], baselines


def leave_one_out(lots: Sequence[PastLot]) -> tuple[list[PastLot], list[Chances], dict[str, list[Chances]]]:
    ours: list[Chances] = []
    baselines: dict[str, list[Chances]] = {name: [] for name in (*BASELINES, "raw x conversion")}
    for left_out in lots:
        history = [past for past in lots if past is not left_out]
        lot = replace(left_out.lot, dated=date(2026, 1, 1))
        ours.append(np.array(forecast_bids(history, [lot]).lots[0].probabilities))
        for name, make in (*BASELINES.items(), ("raw x conversion", raw_conversion)):
            baselines[name].append(make(history, lot))
    return list(lots), ours, baselines


BASELINES: dict[str, Baseline] = {"Poisson mean": poisson_mean, "histogram": histogram}
SETS = {
    "trca_eoi_to_bid": (toronto, leave_one_out),
    "trca_eoi_to_bid, seen": (toronto_on_site, leave_one_out),
    "tsuchiura_bids": (tsuchiura, last_lots),
    "italy_works_authority": (italy, last_lots),
}


def without(lots: Sequence[PastLot], columns: Sequence[str]) -> list[PastLot]:
    """The lots as they would read if these columns were missing."""
    known: dict[str, Any] = {name: None for name in columns if name != "firms"}
    return [
        replace(past, lot=replace(past.lot, **known), firms=() if "firms" in columns else past.firms) for past in lots
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data", metavar="FOLDER")
    columns = ("buyer", "category", "value", "firms")
    parser.add_argument("--without", nargs="*", choices=columns, default=[], metavar="COLUMN", help=", ".join(columns))
    arguments = parser.parse_args()
    print(f"{'set':<22} {'lots':>6} {'Poisson mean':>13} {'raw x conv':>11} {'histogram':>10} {'ours':>8} {'CPU s':>6}")
    for name, (make, test) in SETS.items():
        if not any(arguments.data.glob(f"{name.partition(',')[0]}.*")):
            print(f"{name:<22} is not in {arguments.data}")
            continue
        start = time.process_time()
        tested, ours, baselines = test(without(make(arguments.data), arguments.without))
        scores = {label: mean_score(found, tested) for label, found in baselines.items()}
        raw = f"{scores['raw x conversion']:.3f}" if "raw x conversion" in scores else "-"
        print(
            f"{name:<22} {len(tested):>6,} {scores['Poisson mean']:>13.3f} {raw:>11} {scores['histogram']:>10.3f}"
            f" {mean_score(ours, tested):>8.3f} {time.process_time() - start:>6.1f}"
        )


if __name__ == "__main__":
    main()
