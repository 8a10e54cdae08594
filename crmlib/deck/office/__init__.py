"""The deck as PowerPoint: our own template with real placeholders, native tables, figures as vectors with a picture behind."""
