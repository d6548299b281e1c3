"""The promises of docs/reliability.md that no single part keeps: tried from outside."""
