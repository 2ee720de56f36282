"""Made-up answers of providers to "What would stop you bidding?", on four subjects, and a way to make comments."""

from __future__ import annotations

from collections.abc import Iterable

from intelligence.market import Comment

STAFFING = (
    "Recruiting nurses to remote prisons is very hard.",
    "We cannot recruit enough nurses for prison work.",
    "Nurse recruitment at remote prisons takes months.",
    "Recruitment of nurses near the prison is our main worry.",
    "There are too few nurses willing to work in prisons.",
    "Nurse vacancies stay open for months in prisons.",
)
TUPE = (
    "The TUPE pension costs are unknown.",
    "Pension liability under TUPE is a risk to us.",
    "We need TUPE pension data before we can price.",
    "TUPE information came late last time, and pension risk was ours.",
    "Unknown pension liability from the TUPE transfer.",
    "Pension cost for TUPE staff is not funded.",
)
MOBILISATION = (
    "The mobilisation period of three months is too short.",
    "A three month mobilisation is too short for vetting.",
    "Mobilisation needs at least six months.",
    "Vetting delays make a short mobilisation period risky.",
    "Please allow six months of mobilisation for vetting.",
    "Short mobilisation periods favour the incumbent.",
)
PRICE = (
    "The contract price has no annual indexation.",
    "Without indexation the price does not cover inflation.",
    "Inflation makes a fixed price contract unviable.",
    "A fixed price without indexation is not viable.",
    "The price should rise with inflation every year.",
    "No indexation for inflation over a seven year contract.",
)
SUBJECTS = (STAFFING, TUPE, MOBILISATION, PRICE)
ANSWERS = tuple(answer for together in zip(*SUBJECTS, strict=True) for answer in together)


def comments_of(texts: Iterable[str], *, may_quote: bool = True) -> list[Comment]:
    """One comment of a provider of its own for each text; ids count from c0."""
    return [Comment(f"c{n}", f"p{n}", "barriers", text, may_quote) for n, text in enumerate(texts)]
