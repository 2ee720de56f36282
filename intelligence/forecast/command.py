"""``python -m intelligence forecast --history HISTORY.csv --lots LOTS.csv --out FORECAST.csv``"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

from intelligence.arguments import add_seed, check_outputs, say
from intelligence.files import FileError, os_reason, write_json
from intelligence.forecast.forecast import forecast_bids
from intelligence.forecast.result import HistoryForecast
from intelligence.forecast.table import read_history, read_lots
from intelligence.forecast.tenders import MOST_BIDS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--history", required=True, metavar="HISTORY.csv", help="past lots: date, bidders, and more")
    parser.add_argument("--lots", required=True, metavar="LOTS.csv", help="lots to forecast: lot_id, date, and more")
    parser.add_argument(
        "--out", required=True, metavar="FORECAST.csv", help=f"lot_id, mean and p0 to p{MOST_BIDS}, a lot a row"
    )
    parser.add_argument("--summary", metavar="FORECAST.json", help="also write the forecasts with the skill shown")
    add_seed(parser)


def run(arguments: argparse.Namespace) -> int:
    """Forecast, write the files, and print how each way of forecasting did; warnings go to standard error.

    Raises:
        FileError: a file cannot be read, used or written.
    """
    outputs = [Path(path) for path in (arguments.out, arguments.summary) if path is not None]
    for source in (arguments.history, arguments.lots):
        check_outputs(Path(source), outputs)
    history, about_history = read_history(arguments.history)
    lots, about_lots = read_lots(arguments.lots)
    forecast = forecast_bids(history, lots, seed=arguments.seed)
    _write_forecast(arguments.out, forecast)
    if arguments.summary is not None:
        write_json(arguments.summary, forecast)
    say((*about_history, *about_lots))
    sys.stdout.write(describe_skill(forecast))
    return 0


def _write_forecast(path: str, forecast: HistoryForecast) -> None:
    """A row for each lot, in the order of the input.

    Raises:
        FileError: the file cannot be written.
    """
    try:
        with Path(path).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["lot_id", "mean", *(f"p{bids}" for bids in range(MOST_BIDS + 1))])
            for lot in forecast.lots:
                writer.writerow([lot.lot_id, f"{lot.mean:.6g}", *(f"{chance:.12g}" for chance in lot.probabilities)])
    except OSError as error:
        raise FileError(f"{path}: {os_reason(error)}") from error


def describe_skill(forecast: HistoryForecast) -> str:
    """How each candidate did on past lots, as a small table."""
    if not forecast.scored:
        known = max(lot.past_lots for lot in forecast.lots)
        past = f", and on {known} past {'lot' if known == 1 else 'lots'} without a trial of how well" if known else ""
        return f"No past lot could be scored: the forecast rests on what is known of markets in general{past}.\n"
    lines = [f"Mean CRPS (lower is better) on {forecast.scored} past lots, each forecast from those dated before it:"]
    lines += [f"  {found.name:<20} {found.crps:8.4f}  weight {found.weight:.2f}" for found in forecast.candidates]
    if forecast.histogram_only:
        lines.append("Nothing did better than the histogram: it stands, with one more lot for what none has shown.")
    else:
        lines.append(f"  {'pool':<20} {forecast.pool_crps:8.4f}")
    return "\n".join(lines) + "\n"
