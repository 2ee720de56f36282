"""Forecasts frozen at approval, what came of them, and how often they were right."""
