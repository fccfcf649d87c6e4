"""One brand: health, judgment, recovery, profit, carriers, neighbors."""
