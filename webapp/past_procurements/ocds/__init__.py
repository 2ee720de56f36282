"""Reading the Open Contracting Data Standard 1.1: packages, the merging of releases, and what a merged one tells."""
