"""All that is known of one deal, for the page of it."""
