/** Upgrades choices by hand that an older forest export names by row: rows become keys where they can be told. */
import { bytesAt } from '../core/model/address.ts';
import type { Forest } from '../core/model/forest.ts';
import type { Issue } from '../core/model/issue.ts';
import { nodeKeyOf } from '../core/model/node-key.ts';
import type { HandProtection } from '../core/model/protection.ts';
import { member } from '../core/rule/json.ts';
import { readLevel } from '../core/rule/protection-field.ts';
import { countIssue } from './issue-log.ts';
import type { OpenedInput } from './opened-input.ts';
import type { NumberedProtection } from './restored.ts';

/** From untrusted JSON; what is not a choice by row is left out. */
export function readNumberedHand(list: unknown): readonly NumberedProtection[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    const node = member(entry, 'node');
    const protection = readLevel(member(entry, 'protection'));
    return typeof node === 'number' && Number.isInteger(node) && node >= 0 && protection ? [{ node, protection }] : [];
  });
}

/**
 * An export lists every node in the order of its forest, and a forest that was read from it alone and whole has the
 * same rows: they give the keys. Where other inputs came with it, or where not all of it was read, the rows name nothing
 * any more: a note of the input counts the choices that are left out.
 *
 * @param inputs not settled yet where they are new; changed in place
 */
export function nameNumberedHand(inputs: readonly OpenedInput[], forest: Forest, complete: boolean): void {
  const alone = inputs.filter(({ rollouts }) => rollouts > 0).length === 1;
  for (const input of inputs) {
    const { restored } = input;
    if (restored === null || restored.numberedHand.length === 0) continue;
    const fits = complete && alone && input.recordIssues === 0;
    const named: HandProtection[] = [];
    for (const { node, protection } of restored.numberedHand)
      if (fits && node < forest.length) named.push({ key: nodeKeyOf(forest.keys, node), protection });
    const lost = restored.numberedHand.length - named.length;
    input.restored = { ...restored, rule: { ...restored.rule, hand: [...restored.rule.hand, ...named] }, numberedHand: [] };
    if (lost === 0) continue;
    const note: Issue = {
      severity: 'note',
      file: input.path,
      line: 0,
      address: bytesAt(0),
      code: 'numbered-hand-protection',
      expected: 'nodes protected by hand that are named by key',
      found: `${lost} of ${restored.numberedHand.length} named by row in a forest that was read differently: left out`,
    };
    input.issues = [note, ...input.issues];
    input.fileIssues++;
    countIssue(input, 'note', note.code, 1);
  }
}
