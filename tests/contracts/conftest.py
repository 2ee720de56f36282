"""The contracts look at the app as a whole, with the same client as the slices' tests."""

from tests.webapp.conftest import app, client, settings

__all__ = ["app", "client", "settings"]
