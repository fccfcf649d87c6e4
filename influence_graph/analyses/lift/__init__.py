"""Did it raise what is counted, and by how much: designs, intervals, lags, plans."""
