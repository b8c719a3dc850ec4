/** A pipeline may ask every program for colours, or for none. What the tests start writes as it does for a file, whatever the pipeline asks. */
delete process.env.FORCE_COLOR;
delete process.env.NO_COLOR;
