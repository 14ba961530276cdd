"""What people show besides a password: the crafts (codes, passkeys), and what a browser's session remembers of them."""
