"""From money spent on a campaign to the customer it won."""
