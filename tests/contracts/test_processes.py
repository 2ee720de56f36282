"""What each kind of process loads."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("sklearn", "nltk", "numpy", "scipy", "ortools", "pandas")
PROGRAM = f"""
import sys
from config import Settings
from webapp.app import create_app
from webapp.db import Database
app = create_app(Settings(secret_key="x" * 32, base_url="http://localhost"), Database("postgresql+psycopg://nowhere/x"))
print([name for name in {HEAVY} if name in sys.modules])
import numpy
print([name for name in {HEAVY} if name in sys.modules])
"""


def test_a_web_process_never_loads_the_libraries_of_the_analysis() -> None:
    ended = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    web, with_one_of_them = ended.stdout.splitlines()
    assert web == "[]"
    assert with_one_of_them == "['numpy']", "the check sees a library that is loaded"
