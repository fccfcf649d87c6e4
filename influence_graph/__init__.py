"""Who influences whom, and how strong the bond of a consumer and a brand is."""
