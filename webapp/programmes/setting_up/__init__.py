"""Setting a programme up by hand: everything it is made of, a part at a time."""
