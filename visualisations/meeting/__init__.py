"""The view in which the coalition decides together which lines are missing."""
