"""Addresses of static files that change when the file does, so that browsers may keep them for good."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, url_for


@lru_cache(maxsize=256)
def _digest(path: Path, modified: int) -> str:
    """Of the content; `modified` is only there so that an edited file is read again while developing."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def asset_url(name: str) -> str:
    path = Path(current_app.static_folder or "") / name
    modified = path.stat().st_mtime_ns if current_app.debug else 0
    return url_for("static", filename=name, v=_digest(path, modified))


def register_assets(app: Flask) -> None:
    app.jinja_env.globals["asset_url"] = asset_url
