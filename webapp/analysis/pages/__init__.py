"""What the pages of a run show: plain data made from stored results. No page computes a figure of its own."""
