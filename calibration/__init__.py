"""Numbers tied to the world: CT numbers to density, predicted risk to observed frequency."""
