"""Files → Landscape + findings: reading, Dutch values, matching, privacy."""
