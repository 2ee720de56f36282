"""The questionnaire for prison and secure-setting health services."""

from webapp.engagements.health_and_justice.about_lots import CHOSEN_LOTS, INTEREST, PARTNERS, PREFERENCES, PRICE
from webapp.engagements.health_and_justice.about_provider import CAPACITY, EXPERIENCE, ORGANISATION
from webapp.engagements.health_and_justice.views import CONTRACTS, PERMISSION, VIEWS

HEALTH_AND_JUSTICE = (
    ORGANISATION,
    EXPERIENCE,
    INTEREST,
    CHOSEN_LOTS,
    PARTNERS,
    PREFERENCES,
    PRICE,
    CAPACITY,
    CONTRACTS,
    VIEWS,
    PERMISSION,
)
