"""The advice for one municipality, as Markdown and as a page."""
