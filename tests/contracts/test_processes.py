"""What each kind of process loads."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("sklearn", "nltk", "numpy", "scipy", "ortools", "pandas")
OPEN_APP = """
import sys
from config import Settings
from webapp.app import create_app
from webapp.db import Database
app = create_app(Settings(secret_key="x" * 32, base_url="http://localhost"), Database("postgresql+psycopg://nowhere/x"))
print(" ".join(name for name in {heavy!r} if name in sys.modules))
"""


def test_a_web_process_never_loads_the_libraries_of_the_analysis() -> None:
    program = OPEN_APP.replace("{heavy!r}", repr(HEAVY))
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


def test_the_check_sees_a_library_that_is_loaded() -> None:
    program = OPEN_APP.replace("{heavy!r}", repr(HEAVY)).replace("import sys", "import sys, numpy", 1)
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == ["numpy"]
