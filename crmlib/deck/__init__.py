"""The deck: executed notebooks in, one offline HTML file and one tagged PDF per language out."""
