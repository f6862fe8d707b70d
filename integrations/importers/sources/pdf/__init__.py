"""PDF with a text layer (.pdf): ruled tables become rows and cells, wrapped lines become paragraphs again."""
