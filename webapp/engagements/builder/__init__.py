"""Drawing up a questionnaire by pages: only ever the newest version, and only until it is published."""
