"""What new steps between partners would save: every pair exactly, and a set of them."""
