/** A look at an export before it is written: its records are made and read once, counted, and nothing is kept of them. */
import type { Tokenizer } from '../../../core/tokens/tokenizer.ts';
import type { Preflight } from '../../answers/preflight.ts';
import { withoutMessages } from '../../read-back.ts';
import { possibleProfiles } from '../choose.ts';
import type { PlannedExport } from '../planned.ts';
import { recordFigures } from '../record-figures.ts';
import { rehearse } from '../run.ts';
import type { BranchUnit } from '../units.ts';
import { makeCopyFinder } from './copies.ts';
import { makeRecordCounts } from './record-counts.ts';
import { makeSecretFinder } from './secret-finder.ts';

/** How long the thread is kept from whatever else waits, such as a wish to stop. */
const BUSY_MS = 40;

/** @param onProgress counts records. Throws AbortError when aborted. */
export async function preflight(
  planned: PlannedExport,
  tokenizer: Tokenizer,
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<Preflight> {
  const { spec, ruling, splits, template } = planned;
  const secretsWhyNot = withoutMessages(ruling.dataset);
  const readsMessages = secretsWhyNot === null;
  const counts = makeRecordCounts(planned, (id) => tokenizer.bytes(id) !== null);
  const copies = makeCopyFinder(planned);
  const secrets = makeSecretFinder();
  const seen = { records: 0, validation: 0, undescribed: 0 };
  let rested = performance.now();
  const rest = (): Promise<void> | null => {
    if (performance.now() - rested < BUSY_MS) return null;
    return new Promise<void>((resolve) => setTimeout(resolve)).then(() => {
      signal.throwIfAborted();
      rested = performance.now();
    });
  };
  const take = (unit: BranchUnit): void => {
    const row = unit.row(spec.weights);
    if (row === null) return;
    seen.records++;
    if (splits[unit.task] === 'validation') seen.validation++;
    counts.take(
      unit,
      row,
      row.weight.reduce((sum, weight) => sum + (weight > 0 ? 1 : 0), 0),
    );
    copies.take(unit, row);
    if (unit.said === null) return;
    const messages = unit.said.messages(spec.weights);
    if (unit.said.rollout.tools === undefined && messages.some(({ tool_calls: calls }) => calls !== undefined)) seen.undescribed++;
    secrets.take(unit, messages);
  };
  const wanted = { branches: true, tasks: 'none', messages: readsMessages } as const;
  let done = 0;
  const files = await rehearse(planned, () => undefined, signal, {
    wanted,
    see(unit) {
      if (unit.kind !== 'branch') return null;
      onProgress(++done, planned.records.length);
      take(unit);
      return rest();
    },
  });
  const found = await copies.finish(rest);
  const { branches, branchesWithoutLoss } = recordFigures(planned);
  const { turns, turnsTrained, ...figures } = counts.finish();
  return {
    mode: ruling.rule.mode,
    records: seen.records,
    validation: seen.validation,
    branches,
    branchesWithoutLoss,
    ...figures,
    undescribed: readsMessages ? seen.undescribed : null,
    template: { name: template?.name ?? null, marksAnswers: template?.marksAnswers === true, turns, turnsTrained },
    ...found,
    secrets: readsMessages ? secrets.finish() : null,
    secretsWhyNot,
    redacted: planned.redactor?.found() ?? [],
    files,
    skipped: possibleProfiles(spec, ruling.dataset).skipped,
  };
}
