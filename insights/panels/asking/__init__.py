"""The answers to questions: what can be asked for, and what is shown of it."""
