"""What-ifs: other terms beside the plan, on the same draws, and gone after a day unless somebody keeps them."""
