"""What the rules mean for the programs of a portfolio."""
