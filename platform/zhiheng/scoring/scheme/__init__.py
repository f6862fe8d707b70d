"""The scheme document (考核方案): read, resolved, checked and turned into a typed model."""
