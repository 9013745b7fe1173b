"""Tables: from columns of any kind to numbers, labels, and what becomes of each column."""
