"""What differs between two Landscapes."""
