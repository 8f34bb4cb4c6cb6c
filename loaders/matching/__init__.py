"""Which written name may be which partner: proposals with a score and why. Nothing here decides."""
