"""What comes in as files: the set-up of a programme, all or nothing, with a preview."""
