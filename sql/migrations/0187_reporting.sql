-- What people read with tools of their own: views of what is published, and nothing else.
CREATE SCHEMA reporting;
