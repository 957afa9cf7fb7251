/** The issues of inputs, bounded: of each kind in each file the first are told in detail, and all of them are counted. */
import { MAX_ISSUES, MAX_ISSUES_OF_A_KIND } from '../base/bounds.ts';
import { compareAddresses } from '../core/model/address.ts';
import type { Issue, IssueCount } from '../core/model/issue.ts';
import type { OpenedInput } from './opened-input.ts';

/** What is counted and not told, beside issues that are. */
export type KindCount = Pick<IssueCount, 'severity' | 'code' | 'count'>;

/** Takes issues of inputs in any order; what is kept of them depends on their places alone. */
export interface IssueLog {
  take(input: OpenedInput, issues: readonly Issue[], more: readonly KindCount[]): void;
  /** So far, those that are only counted included. */
  readonly count: number;
}

/** @param inputs in the order in which they are told; the list may grow */
export function makeIssueLog(inputs: readonly (OpenedInput | undefined)[]): IssueLog {
  let count = 0;
  let detailed = 0;
  let cutAt = 2 * MAX_ISSUES;
  return {
    get count() {
      return count;
    },
    take(input, issues, more) {
      for (const issue of issues) {
        input.issues.push(issue);
        countIssue(input, issue.severity, issue.code, 1);
        count++;
      }
      for (const { severity, code, count: left } of more) {
        countIssue(input, severity, code, left);
        count += left;
      }
      detailed += issues.length;
      if (detailed < cutAt) return;
      for (const each of inputs) if (each !== undefined) cutIssues(each);
      detailed = cutToBound(inputs, (index, kept) => (inputs[index]!.issues = kept));
      cutAt = detailed + MAX_ISSUES;
    },
  };
}

/** Counts issues of a kind with those of the input, told or not. */
export function countIssue(input: OpenedInput, severity: Issue['severity'], code: string, count: number): void {
  const kind = `${severity} ${code}`;
  input.issueCounts.set(kind, (input.issueCounts.get(kind) ?? 0) + count);
  if (severity === 'record') input.recordIssues += count;
  else input.notes += count;
}

/** Severity and code of a kind, as `issueCounts` names it. */
export function kindOf(kind: string): Pick<Issue, 'severity' | 'code'> {
  const [severity, code = ''] = kind.split(' ');
  return { severity: severity === 'note' ? 'note' : 'record', code };
}

/** Puts an input's issues in the order of its records, those of the file first, and keeps the first of each kind. */
export function cutIssues(input: OpenedInput): void {
  const ofRecords = input.issues.slice(input.fileIssues).sort((a, b) => compareAddresses(a.address, b.address));
  const kinds = new Map<string, number>();
  const kept = ofRecords.filter(({ severity, code }) => {
    const kind = `${severity} ${code}`;
    const before = kinds.get(kind) ?? 0;
    kinds.set(kind, before + 1);
    return before < MAX_ISSUES_OF_A_KIND;
  });
  input.issues = [...input.issues.slice(0, input.fileIssues), ...kept];
}

/**
 * Keeps what is told of all inputs within its bound: the first, input by input. @param put takes what is kept of an input that
 * has more. @returns how many are told now
 */
export function cutToBound(inputs: readonly (OpenedInput | undefined)[], put: (index: number, kept: Issue[]) => void): number {
  let room = MAX_ISSUES;
  for (const [index, input] of inputs.entries()) {
    const issues = input?.issues ?? [];
    const told = Math.min(room, issues.length);
    if (told < issues.length) put(index, issues.slice(0, told));
    room -= told;
  }
  return MAX_ISSUES - room;
}

/** The issues that are counted and not told, by file and kind. */
export function untoldIssues(inputs: readonly OpenedInput[]): IssueCount[] {
  const more: IssueCount[] = [];
  for (const input of inputs) {
    if (input.issues.length === input.recordIssues + input.notes) continue;
    const left = new Map(input.issueCounts);
    for (const { severity, code } of input.issues) left.set(`${severity} ${code}`, (left.get(`${severity} ${code}`) ?? 0) - 1);
    for (const severity of ['record', 'note'] as const)
      for (const [kind, count] of [...left].sort(([a], [b]) => (a < b ? -1 : 1)))
        if (count > 0 && kind.startsWith(`${severity} `))
          more.push({ severity, file: input.path, code: kind.slice(severity.length + 1), count });
  }
  return more;
}
