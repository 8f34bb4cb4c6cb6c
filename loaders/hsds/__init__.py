"""Open Referral HSDS → our tables."""
