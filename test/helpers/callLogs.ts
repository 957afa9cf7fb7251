/** Small logs of rollouts that call tools. */

export interface SaidCall {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface SaidRollout {
  readonly id: string;
  readonly task: string;
  readonly reward?: number | null;
  readonly calls: readonly SaidCall[];
  readonly answer?: string;
  /** What it handed in, as a unified diff. */
  readonly patch?: string;
  /** Messages up to and with the one that makes this call; absent: all. */
  readonly upTo?: number;
}

/** Each call is a message of its own, with a result; the answer is the last message. */
export function callRecord({ id, task, reward, calls, answer = 'Done.', patch, upTo }: SaidRollout): string {
  const messages: object[] = [{ role: 'user', content: `Do ${task}.` }];
  for (const [i, { tool, args }] of calls.entries()) {
    const call = { id: `${id}-${i}`, type: 'function', function: { name: tool, arguments: JSON.stringify(args) } };
    messages.push({ role: 'assistant', content: `Step ${i}: ${tool}.`, tool_calls: [call] });
    if (upTo === i) break;
    messages.push({ role: 'tool', tool_call_id: `${id}-${i}`, content: `ok ${tool}` });
  }
  if (upTo === undefined) messages.push({ role: 'assistant', content: answer });
  const known = { ...(reward === undefined || reward === null ? {} : { reward }), ...(patch === undefined ? {} : { model_patch: patch }) };
  return JSON.stringify({ id, task_id: task, ...known, messages });
}

export function callLog(rollouts: readonly SaidRollout[]): string {
  return rollouts.map((rollout) => `${callRecord(rollout)}\n`).join('');
}

/** A file with what is accepted, as the Berkeley Function Calling Leaderboard writes it. */
export function acceptedFile(truths: Readonly<Record<string, readonly SaidCall[]>>): string {
  return Object.entries(truths)
    .map(([id, calls]) => {
      const truth = calls.map(({ tool, args }) => ({
        [tool]: Object.fromEntries(Object.entries(args).map(([name, value]) => [name, [value]])),
      }));
      return `${JSON.stringify({ id, ground_truth: truth })}\n`;
    })
    .join('');
}
