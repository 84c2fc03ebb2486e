"""An article -> its assessment; tables of articles; two versions of one."""
