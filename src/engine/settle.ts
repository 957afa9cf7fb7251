/** What all inputs together say once they are read: in the order of the inputs, whatever order it came in. */
import type { Issue } from '../core/model/issue.ts';
import { makeTokeniseCounts, TOKENISE_COUNTS } from '../core/tokens/tokenisation.ts';
import { makeForestBuilder } from '../core/tree/build.ts';
import type { IssuePage } from './answers/issues.ts';
import { absoluteLine, lineCounter } from './dataset.ts';
import { cutIssues, cutToBound, makeIssueLog, untoldIssues } from './issue-log.ts';
import type { Beside } from './beside.ts';
import type { Opening } from './opening-inputs.ts';
import type { OpenedInput } from './opened-input.ts';

/** Of each input that was not settled yet, issues in the order of its records, with lines counted from the file's start. */
export function settleInput(input: OpenedInput, isOpen: (issue: Issue) => boolean = () => true): void {
  const lineOf = lineCounter(input);
  cutIssues(input);
  input.issues = input.issues.map((issue) => (isOpen(issue) ? { ...issue, line: lineOf(issue.address, issue.line) } : issue));
}

/**
 * An opening of settled inputs, without builders: nothing is read into it.
 * @param isFull room alone is why not all was read
 */
export function settledOpening(settled: readonly OpenedInput[], intact: boolean, beside: Beside, isFull = false): Opening {
  const counts = makeTokeniseCounts();
  for (const input of settled) for (const key of TOKENISE_COUNTS) counts[key] += input.counts[key];
  const inputs = [...settled];
  cutToBound(settled, (index, issues) => (inputs[index] = { ...inputs[index]!, issues }));
  return {
    tokens: makeForestBuilder(),
    actions: makeForestBuilder(),
    inputs,
    issues: makeIssueLog(inputs),
    unmapped: inputs.flatMap(({ unmapped }) => unmapped ?? []),
    counts,
    intact,
    room: Infinity,
    open: 0,
    rows: 0,
    isFull,
    beside,
    isSettled: true,
    restored: inputs.find(({ restored }) => restored !== null)?.restored ?? null,
  };
}

/** Lines counted from the file's start also while files are being read. */
export function issuePage(opening: Opening, from: number, count: number): IssuePage {
  const issues: Issue[] = [];
  let total = 0;
  for (const input of opening.inputs) {
    for (let i = Math.max(0, from - total); i < Math.min(input.issues.length, from + count - total); i++) {
      const issue = input.issues[i]!;
      issues.push(opening.isSettled ? issue : { ...issue, line: absoluteLine(input, issue.address, issue.line) });
    }
    total += input.issues.length;
  }
  return { total, from, issues, more: untoldIssues(opening.inputs) };
}
