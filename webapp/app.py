"""The application: settings in, a Flask app out. Everything it is made of is put together here and nowhere else."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Settings
from webapp.accounts import languages
from webapp.accounts.organisations.routes import blueprint as organisations
from webapp.accounts.passkeys.routes import blueprint as passkeys
from webapp.accounts.personal.routes import blueprint as personal
from webapp.accounts.routes import blueprint as accounts
from webapp.accounts.session import register_sign_in
from webapp.accounts.single_sign_on.routes import blueprint as single_sign_on
from webapp.accounts.single_sign_on.routes import register_single_sign_on
from webapp.analysis.appraisals.editing_routes import blueprint as appraising
from webapp.analysis.appraisals.routes import blueprint as appraisals
from webapp.analysis.forecasts.routes import blueprint as forecasts
from webapp.analysis.planning.routes import blueprint as schedules
from webapp.analysis.priors.routes import blueprint as priors
from webapp.analysis.procurements.alignment_routes import blueprint as alignment
from webapp.analysis.procurements.order.routes import blueprint as order
from webapp.analysis.procurements.routes import blueprint as procurements
from webapp.analysis.recommendations.routes import blueprint as recommendations
from webapp.analysis.recomputing.routes import blueprint as recomputing
from webapp.analysis.risks.routes import blueprint as risks
from webapp.analysis.routes import blueprint as analysis
from webapp.analysis.structures.board_routes import blueprint as lot_structures
from webapp.analysis.structures.routes import blueprint as lot_searches
from webapp.analysis.themes.file_routes import blueprint as theme_files
from webapp.analysis.themes.learned_routes import blueprint as theme_learning
from webapp.analysis.themes.picture_routes import blueprint as theme_pictures
from webapp.analysis.themes.reply_routes import blueprint as theme_replies
from webapp.analysis.themes.routes import blueprint as themes
from webapp.analysis.themes.signing_routes import blueprint as theme_signing
from webapp.analysis.themes.statement_routes import blueprint as theme_statements
from webapp.analysis.what_ifs.routes import blueprint as what_ifs
from webapp.communications.guide.routes import blueprint as guide
from webapp.communications.notices.routes import blueprint as notices
from webapp.communications.routes import blueprint as communications
from webapp.db import Database
from webapp.disposal.routes import blueprint as disposal
from webapp.engagements.builder.condition_routes import blueprint as builder_conditions
from webapp.engagements.builder.question_routes import blueprint as builder_questions
from webapp.engagements.builder.routes import blueprint as builder
from webapp.engagements.clarifications.routes import blueprint as clarifications
from webapp.engagements.declining.routes import blueprint as declining
from webapp.engagements.documents.routes import blueprint as documents
from webapp.engagements.drafting.routes import blueprint as drafting
from webapp.engagements.inviting.routes import blueprint as inviting
from webapp.engagements.opening.routes import blueprint as opening
from webapp.engagements.progress.routes import blueprint as progress
from webapp.engagements.replies.routes import blueprint as replies
from webapp.engagements.routes import blueprint as engagements
from webapp.engagements.summaries.routes import blueprint as summaries
from webapp.imports.routes import blueprint as imports
from webapp.navigation import register_navigation
from webapp.past_procurements.routes import blueprint as past_procurements
from webapp.programmes.contracts.routes import blueprint as contracts
from webapp.programmes.routes import blueprint as programmes
from webapp.programmes.setting_up.routes import blueprint as setting_up
from webapp.programmes.setting_up.supplier_routes import blueprint as suppliers
from webapp.programmes.teams.routes import blueprint as teams
from webapp.providers.routes import blueprint as providers
from webapp.reading.routes import blueprint as reading
from webapp.received.importing.routes import blueprint as received_imports
from webapp.received.routes import blueprint as received
from webapp.record.routes import blueprint as record
from webapp.responses.files.routes import blueprint as response_files
from webapp.responses.officer_routes import blueprint as submitted
from webapp.responses.previews.routes import blueprint as previews
from webapp.responses.reminders.by_hand.routes import blueprint as reminding
from webapp.responses.reminders.routes import blueprint as reminders
from webapp.responses.routes import blueprint as responses
from webapp.statements import blueprint as statements
from webapp.statements import register_footer
from webapp.web import access
from webapp.web.request import register_database
from webapp.web.setup import register_web

MOST_BYTES = 2 * 1024 * 1024
MOST_FORM_BYTES = 1024 * 1024
MOST_FORM_FIELDS = 4000  # 40 lots with a role, four numbers and a comment each leave room to spare
IDLE = timedelta(hours=2)
BLUEPRINTS = (
    accounts,
    organisations,
    personal,
    passkeys,
    single_sign_on,
    languages.blueprint,
    programmes,
    contracts,
    teams,
    setting_up,
    suppliers,
    imports,
    past_procurements,
    providers,
    reading,
    received,
    received_imports,
    record,
    communications,
    notices,
    guide,
    engagements,
    declining,
    builder,
    builder_questions,
    builder_conditions,
    clarifications,
    documents,
    summaries,
    replies,
    drafting,
    inviting,
    opening,
    progress,
    responses,
    submitted,
    previews,
    response_files,
    reminders,
    reminding,
    analysis,
    schedules,
    procurements,
    alignment,
    order,
    themes,
    theme_statements,
    theme_learning,
    theme_signing,
    theme_replies,
    theme_files,
    theme_pictures,
    what_ifs,
    forecasts,
    appraisals,
    appraising,
    recommendations,
    recomputing,
    risks,
    priors,
    lot_searches,
    lot_structures,
    disposal,
    statements,
)


def create_app(settings: Settings, database: Database) -> Flask:
    settings.require_secret()
    app = Flask(__name__)
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_FORM_BYTES,
        MAX_FORM_PARTS=MOST_FORM_FIELDS,
        PERMANENT_SESSION_LIFETIME=IDLE,
        SESSION_COOKIE_NAME="__Host-soundings" if settings.secure else "soundings",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session it is bound to
    )
    if settings.proxies:
        # As Flask says to do it. Only whom they were asked by: that they were asked by HTTPS is set, in base_url.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]
    register_database(app, database)
    register_web(app)
    CSRFProtect(app)  # before sign-in needs the database: the page that says it is away can then offer to send again
    register_sign_in(app)
    register_single_sign_on(app, settings)
    register_navigation(app)
    register_footer(app)
    languages.register_choice(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if forgotten := access.undeclared(app):
        raise RuntimeError(f"views that do not say who may open them: {', '.join(forgotten)}")
    return app
