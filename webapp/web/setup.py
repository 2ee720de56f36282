"""Everything the pages need, put on the app by one call."""

from flask import Flask
from jinja2 import StrictUndefined

from webapp.web.assets import register_assets
from webapp.web.cells import register_cells
from webapp.web.errors import register_error_handlers
from webapp.web.files import register_files
from webapp.web.format import register_filters
from webapp.web.formdata import ExactRequest
from webapp.web.languages import register_language
from webapp.web.security import register_security
from webapp.web.widgets import register_widgets


def register_web(app: Flask) -> None:
    """Call once, before the first template is loaded."""
    app.request_class = ExactRequest
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    register_assets(app)
    register_cells(app)
    register_error_handlers(app)
    register_files(app)
    register_filters(app)
    register_language(app)
    register_security(app)
    register_widgets(app)
