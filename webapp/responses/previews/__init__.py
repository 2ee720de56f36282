"""A section of a questionnaire as a provider will see it, before anybody answers."""
