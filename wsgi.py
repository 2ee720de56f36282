"""What a WSGI server loads: the app, on the database that the environment names."""

from config import Settings
from webapp.app import create_app
from webapp.installation import open_database

settings = Settings.from_environment()
app = create_app(settings, open_database(settings))
