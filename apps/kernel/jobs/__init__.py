"""Long work in stages: the database says what is to be done and who does it; the broker only wakes workers."""
