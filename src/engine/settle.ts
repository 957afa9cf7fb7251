/** What all inputs together say once they are read: in the order of the inputs, whatever order it came in. */
import { compareAddresses } from '../core/model/address.ts';
import type { Issue } from '../core/model/issue.ts';
import { makeTokeniseCounts, TOKENISE_COUNTS } from '../core/tokens/tokenisation.ts';
import { makeForestBuilder } from '../core/tree/build.ts';
import type { IssuePage } from './answers/issues.ts';
import { absoluteLine, lineCounter } from './dataset.ts';
import type { OpenedInput, Opening } from './open.ts';

/** Of each input that was not settled yet, issues in the order of its records, with lines counted from the file's start. */
export function settleInput(input: OpenedInput, isOpen: (issue: Issue) => boolean = () => true): void {
  const lineOf = lineCounter(input);
  const issues = input.issues.map((issue) => (isOpen(issue) ? { ...issue, line: lineOf(issue.address, issue.line) } : issue));
  const ofRecords = issues.slice(input.fileIssues).sort((a, b) => compareAddresses(a.address, b.address));
  input.issues = [...issues.slice(0, input.fileIssues), ...ofRecords];
}

/** An opening of settled inputs, without builders: nothing is read into it. */
export function settledOpening(inputs: readonly OpenedInput[], intact: boolean): Opening {
  const counts = makeTokeniseCounts();
  const issues: Issue[] = [];
  for (const input of inputs) {
    for (const issue of input.issues) issues.push(issue);
    for (const key of TOKENISE_COUNTS) counts[key] += input.counts[key];
  }
  return {
    tokens: makeForestBuilder(),
    actions: makeForestBuilder(),
    inputs: [...inputs],
    issues,
    unmapped: inputs.flatMap(({ unmapped }) => unmapped ?? []),
    counts,
    intact,
    isSettled: true,
    restored: inputs.find(({ restored }) => restored !== null)?.restored ?? null,
  };
}

/** Lines counted from the file's start also while files are being read. */
export function issuePage(opening: Opening, from: number, count: number): IssuePage {
  const page = opening.issues.slice(from, from + count);
  if (opening.isSettled) return { total: opening.issues.length, from, issues: page };
  const byPath = new Map(opening.inputs.map((input) => [input.path, input]));
  const issues = page.map((issue) => {
    const input = byPath.get(issue.file);
    return input ? { ...issue, line: absoluteLine(input, issue.address, issue.line) } : issue;
  });
  return { total: opening.issues.length, from, issues };
}
