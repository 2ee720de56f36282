"""Changing the forecast's assumptions for one programme, each with a reason."""
