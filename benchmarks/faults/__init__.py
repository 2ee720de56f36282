"""Faults under load, each with a ledger: what was acknowledged against what is stored."""
