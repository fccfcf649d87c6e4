"""Every command line and every Python snippet of README and site, executed."""
