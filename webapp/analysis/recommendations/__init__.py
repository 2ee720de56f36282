"""What is recommended of a procurement, put up for signature, and signed or sent back."""
