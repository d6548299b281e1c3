"""What the background keeps beside revenue's tables."""
