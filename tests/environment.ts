/** The tests behave alike in every pipeline: what they start writes as it does for a file, and creates files with usual modes. */
// A pipeline may ask every program for colours, or for none.
delete process.env.FORCE_COLOR;
delete process.env.NO_COLOR;
// Node's readline cannot edit a line on such a terminal.
if (process.env.TERM === "dumb") delete process.env.TERM;
process.umask(0o022);
