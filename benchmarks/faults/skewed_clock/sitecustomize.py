"""Put before everything else on a server's path: its clock is off by so many seconds."""

import os
import time

_right, _off_by = time.time, float(os.environ["CLOCK_OFF_BY"])


def _wrong() -> float:
    return _right() + _off_by


time.time = _wrong
