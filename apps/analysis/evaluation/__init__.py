"""How well an engine reviews: labelled write-ups, and the figures of a comparison with them."""
