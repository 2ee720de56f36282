"""The criteria that an appraisal begins with: the key criteria of the Provider Selection Regime, and the market."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UsualCriterion:
    name: str
    meaning: str
    weight: int


USUAL_CRITERIA = (
    UsualCriterion("Quality and innovation", "How good the services would be, and whether they could improve", 25),
    UsualCriterion("Value", "What the services would give for what they cost, with the cost of buying them", 20),
    UsualCriterion(
        "Integration, collaboration and service sustainability",
        "How well services would work together, and whether they would last",
        15,
    ),
    UsualCriterion(
        "Improving access, reducing health inequalities and facilitating choice",
        "Who could reach the services, and who would choose",
        15,
    ),
    UsualCriterion("Social value", "What else would be good for people and places", 10),
    UsualCriterion(
        "What the market can bear", "Whether credible providers would bid, and could staff and start the services", 15
    ),
)
