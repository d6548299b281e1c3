"""What goes wrong around the product: the network, the disk, killed and stopped processes."""
