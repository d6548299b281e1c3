"""Reports on paper, workbooks and long tables as files: the pages' own panels, printed."""
