const Mocha = require("mocha");

/** Mocha's own report, which ends with a list of the tests that were skipped: what was not tested must not be overlooked. */
module.exports = class extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    this.skipped = new Set();
    runner.on(Mocha.Runner.constants.EVENT_TEST_PENDING, (test) => {
      const title = test.fullTitle();
      // A suite that was skipped as a whole is one line; its title ends with the reason.
      const [suite] = /^.*? \[skipped: .*?\]/.exec(title) ?? [title];
      this.skipped.add(suite);
    });
  }

  epilogue() {
    super.epilogue();
    if (this.skipped.size > 0) {
      console.log(["  Skipped:", ...[...this.skipped].map((title) => `    ${title}`), ""].join("\n"));
    }
  }
};
