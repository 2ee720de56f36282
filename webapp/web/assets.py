"""Addresses of static files that change when the file does, so that browsers may keep them for good."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, request


@lru_cache(maxsize=256)
def _digest(folder: str, name: str, modified: int) -> str:
    """Of the content; `modified` is only there so that an edited file is read again while developing."""
    return hashlib.sha256(Path(folder, name).read_bytes()).hexdigest()[:12]


def asset_url(name: str) -> str:
    folder = current_app.static_folder or ""
    modified = Path(folder, name).stat().st_mtime_ns if current_app.debug else 0
    return f"{request.script_root}{current_app.static_url_path}/{name}?v={_digest(folder, name, modified)}"


def register_assets(app: Flask) -> None:
    app.jinja_env.globals["asset_url"] = asset_url
