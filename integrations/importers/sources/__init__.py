"""One module per file format: bytes in, common grid out."""
