"""Who did what, when: entries that can be added and read, never changed."""
