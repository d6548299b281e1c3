"""How healthy the open deals are: the page, its list, and the health of one deal."""
