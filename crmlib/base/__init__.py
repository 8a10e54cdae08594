"""The customer base: concentration, classes, growth, pipeline, products, control. Arithmetic on counts only."""
