"""The touchpoint and direction that versions before V0005 wrote into records that stated none.

What they derived from their built-in table cannot be told from what a file stated. Migrations take both back where
both are as derived, so that the table in use decides; the same file again is then no conflict, whatever it states.
"""

from __future__ import annotations

from collections.abc import Mapping

DERIVED: Mapping[tuple[str, str], str] = {
    ("engagement", "to_consumer"): "giveaway loyalty_bonus birthday_offer discount gamification personal_offer upsell"
    " cross_sell advert sponsorship",
    ("executional_excellence", "to_brand"): "purchase repeat_purchase subscription cancellation",
    ("executional_excellence", "to_consumer"): "live_chat support_call advice delivery late_delivery out_of_stock",
    ("brand_experience", "to_brand"): "use wear unboxing concert review",
    ("brand_experience", "to_consumer"): "free_use free_trial",
    ("expediting", "to_consumer"): "free_shipping fast_delivery priority self_service reminder waiting",
    ("problem_recovery", "to_brand"): "complaint blame return",
    ("problem_recovery", "to_consumer"): "apology recovery replacement refund compensation ignored",
}
"""Kinds by touchpoint and direction; all others were :data:`OTHERS`."""
OTHERS = ("engagement", "to_brand")
FIELDS = ("touchpoint", "direction")
"""The fields that hold it, in the order of the above."""
