extension Migration {
  /// Runs that wait, are passed over, or are tried again; and up to where each job's slots have been looked at.
  static let jobSchema = Migration(
    number: 4,
    statements: [
      """
      CREATE TABLE job_run_2 (
        id INTEGER PRIMARY KEY,
        job TEXT NOT NULL,
        due_at INTEGER NOT NULL,
        not_before INTEGER NOT NULL,
        started_at INTEGER,
        finished_at INTEGER,
        attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        state TEXT NOT NULL CHECK (state IN ('pending', 'running', 'done', 'failed', 'skipped')),
        detail TEXT,
        UNIQUE (job, due_at)
      ) STRICT;

      INSERT INTO job_run_2 (id, job, due_at, not_before, started_at, finished_at, attempts, state, detail)
      SELECT id, job, due_at, due_at, started_at, finished_at, 1, state, detail FROM job_run;

      DROP TABLE job_run;
      ALTER TABLE job_run_2 RENAME TO job_run;
      CREATE INDEX job_run_open ON job_run (state, due_at) WHERE state IN ('pending', 'running');

      CREATE TABLE job_mark (
        job TEXT PRIMARY KEY,
        rule TEXT NOT NULL,
        through INTEGER NOT NULL
      ) STRICT;
      """,
      "PRAGMA user_version = 4;",
    ])
}
