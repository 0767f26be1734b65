// Counts what was checked and prints it: one line for each thing looked at, one more for each fault.

const LONGEST_FAULT = 400;

export class Report {
  passed = 0;
  failed = 0;

  constructor(name) {
    this.name = name;
  }

  /** Opens the line of one page or one journey; its checks are counted, its faults printed under it. */
  subject(title) {
    return new Subject(this, title);
  }

  /** Prints the totals and sets the exit status. */
  close() {
    console.log(`${this.name}: ${this.passed} passed, ${this.failed} failed`);
    process.exitCode = this.failed > 0 ? 1 : 0;
  }
}

class Subject {
  faults = [];
  checks = 0;

  constructor(report, title) {
    this.report = report;
    this.title = title;
  }

  /** One check: `fault` is what is wrong (text, or a list of texts); nothing or an empty list is a pass. */
  check(what, fault) {
    const faults = [fault].flat().filter(Boolean);
    this.checks += 1;
    if (faults.length === 0) {
      this.report.passed += 1;
    } else {
      this.report.failed += 1;
      this.faults.push(...faults.map((text) => `${what}: ${text}`));
    }
  }

  /** Compares by equality; the fault shows both sides. */
  equal(what, found, wanted) {
    const same = JSON.stringify(found) === JSON.stringify(wanted);
    this.check(what, same ? null : `found ${JSON.stringify(found)}, wanted ${JSON.stringify(wanted)}`);
  }

  close() {
    console.log(`${this.faults.length === 0 ? "ok  " : "FAIL"} ${this.title} (${this.checks} checks)`);
    for (const fault of this.faults) console.log(`       ${fault.slice(0, LONGEST_FAULT)}`);
  }
}
