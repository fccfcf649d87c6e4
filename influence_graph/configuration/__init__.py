"""The configuration: one file for all options and for what runs unattended; read only where there is one."""
