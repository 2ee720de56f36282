"""The providers that a programme has met, and which of them are one firm."""
