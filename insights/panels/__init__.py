"""What pages over several domains show."""
