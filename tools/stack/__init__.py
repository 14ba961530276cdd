"""The product on one machine: embedded servers and the processes of the product, started and ended together."""
