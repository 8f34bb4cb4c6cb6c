"""Other people's formats: one file each. Everything here holds to the suppression rules."""
