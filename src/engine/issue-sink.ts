/** Takes the complaints of one job about its records: the first of each kind become issues, the others are counted. */
import { MAX_ISSUE_TEXT, MAX_ISSUES_OF_A_KIND, MAX_NOTES_OF_A_RECORD } from '../base/bounds.ts';
import type { Issue } from '../core/model/issue.ts';
import type { Complaint } from '../formats/format.ts';
import type { KindCount } from './issue-log.ts';

/** Where the record lies that is complained of. */
type Place = Pick<Issue, 'file' | 'line' | 'address'>;

export interface IssueSink {
  /**
   * @param more of its kind in its record, which nobody can tell
   * @param complain asked only where it is told: what was found need not be spelled out for what is counted
   */
  take(severity: Issue['severity'], place: Place, code: string, more: number, complain: () => Pick<Complaint, 'expected' | 'found'>): void;
  /** Since it was last asked. */
  finish(): { readonly issues: readonly Issue[]; readonly moreIssues: readonly KindCount[] };
}

interface Kind {
  readonly severity: Issue['severity'];
  readonly code: string;
  told: number;
  /** Of the record at `start`. */
  toldOfRecord: number;
  start: number;
  untold: number;
}

export function makeIssueSink(): IssueSink {
  const kinds = new Map<string, Kind>();
  let issues: Issue[] = [];
  return {
    take(severity, place, code, more, complain) {
      let kind = kinds.get(`${severity} ${code}`);
      if (kind === undefined)
        kinds.set(`${severity} ${code}`, (kind = { severity, code, told: 0, toldOfRecord: 0, start: NaN, untold: 0 }));
      if (kind.start !== place.address.start) {
        kind.start = place.address.start;
        kind.toldOfRecord = 0;
      }
      kind.untold += more;
      if (kind.told >= MAX_ISSUES_OF_A_KIND || (severity === 'note' && kind.toldOfRecord >= MAX_NOTES_OF_A_RECORD)) {
        kind.untold++;
        return;
      }
      kind.told++;
      kind.toldOfRecord++;
      issues.push(clippedIssue({ severity, ...place, code, ...complain() }));
    },
    finish() {
      const moreIssues: KindCount[] = [];
      for (const kind of kinds.values()) {
        if (kind.untold > 0) moreIssues.push({ severity: kind.severity, code: kind.code, count: kind.untold });
        kind.untold = 0;
      }
      const finished = { issues, moreIssues };
      issues = [];
      return finished;
    },
  };
}

/** With texts that people can read. */
export function clippedIssue(issue: Issue): Issue {
  const { expected, found } = issue;
  if (expected.length <= MAX_ISSUE_TEXT && found.length <= MAX_ISSUE_TEXT) return issue;
  return { ...issue, expected: clipped(expected), found: clipped(found) };
}

function clipped(text: string): string {
  if (text.length <= MAX_ISSUE_TEXT) return text;
  const cut = text.slice(0, MAX_ISSUE_TEXT).replace(/[\ud800-\udbff]$/, '');
  return `${cut}… (${text.length.toLocaleString('en')} characters)`;
}
