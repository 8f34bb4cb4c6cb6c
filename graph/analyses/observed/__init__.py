"""What partners say beside what a log of referrals shows."""
