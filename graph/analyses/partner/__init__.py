"""What is said about one partner."""
