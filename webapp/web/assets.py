"""Addresses of static files that change when the file does, so that browsers may keep them for good."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, request


@lru_cache(maxsize=256)
def _digest(folder: str, name: str, modified: int) -> str:
    """Of the content; `modified` is only there so that an edited file is read again while developing."""
    return hashlib.sha256(Path(folder, name).read_bytes()).hexdigest()[:12]


def register_assets(app: Flask) -> None:
    folder, path = app.static_folder or "", app.static_url_path

    def asset_url(name: str) -> str:
        modified = Path(folder, name).stat().st_mtime_ns if app.debug else 0
        return f"{request.script_root}{path}/{name}?v={_digest(folder, name, modified)}"

    app.jinja_env.globals["asset_url"] = asset_url
