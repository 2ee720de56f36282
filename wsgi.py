"""What a WSGI server loads: the app, on the database that the environment names."""

import gc

from config import Settings
from webapp import logs
from webapp.app import create_app
from webapp.installation import open_database
from webapp.web.request import name_request

logs.configure(name_request)
settings = Settings.from_environment()
app = create_app(settings, open_database(settings))
gc.collect()
gc.freeze()  # what is loaded stays: collections need not look at it again and again
