/** Retention that keeps everything a test writes. */
export const KEEP_ALL = { revisions: 1_000_000, logRows: 10_000_000, historyDays: 36_500 };
