"""The pages: sections of sentences, plots and tables, as one HTML file."""
