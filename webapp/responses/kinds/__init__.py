"""The kinds of question. Each knows how to gather what was typed, read it into a value, and show it again."""
