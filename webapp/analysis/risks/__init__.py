"""The register of risks to competition: what analyses found, and what people make of it."""
