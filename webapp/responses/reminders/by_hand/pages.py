"""What the page says where there is nobody to remind."""

from __future__ import annotations

from webapp.web.format import all_of, plural


def why_nobody(invited: int, synthetic: int) -> list[str]:
    """A reason for each group that it is empty."""
    all_invited = all_of(invited, "provider").capitalize()
    every = f"{all_invited} that were invited have" if invited > 1 else "The provider that was invited has"
    reasons = [
        f"{every} used the link, started a response or declined to." if invited else "Nobody is invited yet.",
        "No provider has a draft that was never submitted.",
        "No provider has saved changes since it submitted.",
    ]
    if synthetic:
        made_up = plural(synthetic, "response is", "responses are")
        reasons.append(f"{made_up} synthetic, and nobody stands behind them who could be reminded.")
    return reasons
