"""Each rep's work beside that of team and top performers."""
