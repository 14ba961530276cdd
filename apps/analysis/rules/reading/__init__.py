"""One shared reading of a document, which every rule looks at."""
