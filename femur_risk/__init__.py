"""The product: from a CT and a mask to a report."""
