-- Everybody may read the library; the platform's own role may add versions, nobody may change one.
GRANT SELECT ON library_template, library_templateversion, library_indicatordefinition TO PUBLIC;
GRANT INSERT ON library_template, library_templateversion, library_indicatordefinition TO zh_public;
