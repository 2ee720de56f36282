"""Past procurements and their outcomes: taken from published records, with what is known of who bid and who won."""
