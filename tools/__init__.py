"""What builds, runs and checks the project from outside."""
