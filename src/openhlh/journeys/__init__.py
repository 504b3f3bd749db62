"""The hall: one short module per journey, and the only place where rooms meet."""
