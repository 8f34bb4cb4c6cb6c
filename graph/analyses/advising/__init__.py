"""advise: a paper for the meeting table."""
