/** Of a rollout that was decoded, what leaves: its row, its tokens and what there is to say of it; or the issue that refuses it. */
import type { RecordAddress } from '../core/model/address.ts';
import type { RolloutRow } from '../core/model/batch.ts';
import type { Rollout, RolloutEvent } from '../core/model/rollout.ts';
import { countRollout, packFacts } from '../core/rollouts/facts.ts';
import { packVersions, versionsOfBranches } from '../core/rollouts/token-versions.ts';
import type { BatchWriter } from '../core/tokens/batch-writer.ts';
import { packBranchEnds } from '../core/tokens/event-ends.ts';
import { plausibleRollout } from '../core/tokens/plausible.ts';
import type { Rendered } from '../core/tokens/template.ts';
import { hasNoTokens, renderBranches, tokeniseRollout } from '../core/tokens/tokenise.ts';
import type { Tokenisation } from '../core/tokens/tokenisation.ts';
import { withParts, type Fields } from '../formats/fields.ts';
import type { Complaint, Decoded, Report } from '../formats/format.ts';
import type { FoundRecord } from './readers/reader.ts';
import type { Finding } from './surveys/finding.ts';

/** Names a rollout within its input. */
export function addressKey({ start, member }: RecordAddress): string {
  return `${start}:${member}`;
}

/** What a job says of it. */
export interface Taking {
  readonly source: number;
  readonly rowsOnly?: boolean;
  readonly wantsFacts?: boolean;
  readonly only?: ReadonlySet<string>;
  readonly finding: Finding | null;
}

/** Writes it; a record without a token is an issue. */
export function takeRollout(
  { rollout: decoded, notes }: Extract<Decoded, { ok: true }>,
  { line, address }: Pick<FoundRecord, 'line' | 'address'>,
  fieldsOfRecord: () => Fields,
  job: Taking,
  tokenisation: Tokenisation,
  writer: BatchWriter,
  report: Report,
  onTokens: () => void,
): void {
  const { rollout, notes: numberNotes } = plausibleRollout(decoded);
  const row: RolloutRow = {
    id: rollout.id,
    task: rollout.task,
    taskLabel: rollout.taskLabel ?? rollout.task,
    source: job.source,
    line,
    address,
    reward: rollout.reward,
    advantage: rollout.advantage ?? null,
    status: rollout.status ?? '',
    policy: rollout.policy ?? '',
    startedAt: rollout.startedAt ?? null,
    ...(rollout.tokenizer === undefined ? {} : { tokenizer: rollout.tokenizer }),
    ...(rollout.episode === undefined ? {} : { episode: rollout.episode }),
  };
  if (!rollout.branches.some((branch) => branch.events.some((event) => (event.tokens?.ids?.length ?? 0) > 0 || event.parts.length > 0))) {
    const empty = rollout.branches.reduce((sum, branch) => sum + branch.events.length, 0);
    report('record', {
      code: 'no-tokens',
      expected: 'at least one message with content, or a token',
      found: empty === 0 ? 'none' : `${empty} messages, all empty`,
    });
    return;
  }
  if (job.only?.has(addressKey(address)) === false) return;
  if (job.finding !== null) {
    onTokens();
    job.finding.take(rollout, address);
    return;
  }
  const rendered = renderBranches(rollout, tokenisation);
  const endless = rendered.find((branch) => branch?.ok === false && branch.bound !== undefined);
  if (endless?.ok === false && endless.bound !== undefined) {
    const { allowed, found } = endless.bound;
    report('record', { code: 'template-bound', expected: `${tokenisation.template?.name ?? ''}: ${allowed}`, found });
    return;
  }
  if (rollout.branches.every((branch, index) => hasNoTokens(branch, rendered[index] ?? null, tokenisation))) {
    const by = rendered.some((branch) => branch?.ok === true) ? tokenisation.template?.name : `tokenizer ${tokenisation.tokenizer.name}`;
    const isLogged = rollout.branches.every(({ events }) => events.every(({ tokens }) => tokens?.ids?.length === 0));
    const found = isLogged ? 'empty lists of ids' : `nothing: the ${by ?? ''} leaves it out`;
    report('record', { code: 'no-tokens', expected: 'a message with a token', found });
    return;
  }
  const added = writer.addRollout(
    job.rowsOnly === true && job.wantsFacts !== true ? row : { ...row, ...factsOf(rollout, fieldsOfRecord()) },
  );
  if (rollout.branches.some(({ events }) => events.some(hasHalves)))
    report('note', { code: 'lone-surrogate', expected: 'Unicode text', found: 'half of a surrogate pair, read as U+FFFD' });
  for (const note of [...(notes ?? []), ...numberNotes]) {
    report('note', note);
    tokenisation.counts.impossibleNumbers += note.numbers ?? 0;
  }
  const refused = rendered.filter((branch) => branch?.ok === false);
  if (refused.length > 0) report('note', refusalNote(tokenisation.template?.name ?? '', refused.length, rendered.length, refused[0]));
  if (job.rowsOnly === true) return;
  onTokens();
  const ends = tokeniseRollout(writer, rollout, added, tokenisation, rendered);
  const events = rollout.branches.map((branch) => branch.events.length);
  writer.setEventEnds(added, packBranchEnds(events, ends));
  const versions = versionsOfBranches(rollout.branches, ends, row.policy);
  if (versions !== null) writer.setVersions(added, packVersions(versions));
}

function factsOf(rollout: Rollout, fields: Fields): Pick<RolloutRow, 'facts' | 'fieldNames'> {
  const { names, values, leftOut } = withParts(fields, rollout.rewardParts);
  return { facts: packFacts({ ...countRollout(rollout), fields: values, fieldsLeftOut: leftOut }), fieldNames: names };
}

/** What is said of branches that a chat template refuses. */
function refusalNote(name: string, refused: number, branches: number, first: Rendered | null | undefined): Complaint {
  const why = first?.ok === false ? first.reason : '';
  const which = branches === 1 ? 'it refuses this one' : `it refuses ${refused} of ${branches} branches`;
  return {
    code: 'template-refused',
    expected: `a conversation that the ${name} takes`,
    found: `${which} (${why}); tokens are by plain marks instead`,
  };
}

/** Whether our own tokens of an event cannot hold what it says: bytes have no half of a surrogate pair. */
function hasHalves({ parts, tokens }: RolloutEvent): boolean {
  return tokens?.ids === undefined && parts.some(({ text, tool }) => !text.isWellFormed() || tool?.isWellFormed() === false);
}
