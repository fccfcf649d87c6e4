"""Completion in bash, zsh and fish: what is offered, and where the scripts are put."""
