/** `espalier score PATH… --out FILE`: entropy of the logs' sampled tokens by a language model, saved for prune. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { modelText } from '../../core/score/model-source.ts';
import { SCOPES } from '../../core/score/wanted.ts';
import type { Agreement } from '../../core/score/agreement.ts';
import type { SketchEstimate } from '../../engine/score/sketch-plan.ts';
import type { ScoreEnd, ScoreEstimate, ScoreUpdate } from '../../engine/score/scoring.ts';
import { open } from '../api.ts';
import { readInputs, refuseToOverwrite } from '../inputs.ts';
import { bundledModelFolder } from '../places.ts';
import { filesOfFlags, OPEN_HELP, OPEN_OPTIONS, openProgress, openSettings, REGARD_HELP } from '../open-flags.ts';
import { bytesText, counted, countText } from '../text/figures.ts';
import { intoFile, refuseFile, UsageError } from '../usage.ts';
import { note, printHelp, progress } from '../streams.ts';
import { withVerdicts } from '../verdicts-flag.ts';
import { refusedTexts } from '../../engine/words/sources.ts';

export const SCORE_HELP = `espalier score PATH… --out FILE [options]

Computes the entropy of sampled tokens with a language model, each shared prefix once, and saves it for
espalier prune --scores FILE. A logged entropy is never replaced; log-probs are combined with the model's figures, node by
node (docs/logs.md). For cuts the bundled model keeps no more of the signal than reach × tokens on five of six public logs;
as a signal its surprisal keeps more than its entropy on all six (its README). A model of your own is better.

  --out FILE             file to write the scores to
  --model DIR            folder with model.onnx, tokenizer.json, config.json (default: the bundled model)
  --dtype NAME           which of several weight files: fp32, fp16, q8, int8, uint8, q4, q4f16, bnb4
  --tokens WHICH         which get an entropy: missing (default: sampled tokens of which the log has neither entropy nor
                         log-prob), sampled, or all
  --sketch on|off        also keep sketches of the gradient of every sampled token and node, which the gradient meter of
                         prune and of the page needs: 1 KB each, at most about 128 MiB (default on)
  --estimate             report what it would cost, then stop
  --threads N            threads for the model (default: all cores, at most 4)
  --device NAME          auto (default: the first that works of cuda, native, wasm), or one of these, or dml (DirectML);
                         all but wasm need the package onnxruntime-node beside this one
${OPEN_HELP}
${REGARD_HELP}

Exit codes: 0 done, 1 no record or no model was usable, 2 usage error; espalier --help lists all.
`;

const OPTIONS = {
  out: { type: 'string' },
  model: { type: 'string' },
  dtype: { type: 'string' },
  tokens: { type: 'string' },
  sketch: { type: 'string' },
  estimate: { type: 'boolean' },
  threads: { type: 'string' },
  device: { type: 'string' },
  ...OPEN_OPTIONS,
} as const;

const HOW_NATIVE = 'the others come with npm install onnxruntime-node, on machines that it has them for';
const DEVICES = ['auto', 'cuda', 'native', 'wasm', 'dml'];

export async function score(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  if (values.help) {
    printHelp(SCORE_HELP);
    return 0;
  }
  if (values.out === undefined && !values.estimate) throw new UsageError('--out: expected a file');
  // Said before the work, which may take hours.
  if (values.out !== undefined) refuseFile(values.out);
  const scope = SCOPES.find((known) => known === (values.tokens ?? 'missing'));
  if (scope === undefined) throw new UsageError(`--tokens: expected ${SCOPES.join(', ')}, found ${values.tokens}`);
  if (!['on', 'off', undefined].includes(values.sketch)) throw new UsageError(`--sketch: expected on or off, found ${values.sketch}`);
  const threads = values.threads === undefined ? Math.min(4, availableParallelism()) : Number(values.threads);
  if (!(Number.isInteger(threads) && threads > 0))
    throw new UsageError(`--threads: expected a whole number above 0, found ${values.threads}`);
  const device = values.device ?? 'auto';
  if (!DEVICES.includes(device)) throw new UsageError(`--device: expected ${DEVICES.join(', ')}, found ${device}`);
  if (values.model !== undefined && !existsSync(values.model)) throw new UsageError(`--model: no folder at ${values.model}`);

  if (values.model === undefined && bundledModelFolder() === null)
    throw new UsageError('the bundled model is not beside this program; name one with --model');

  const inputs = await readInputs(positionals, values);
  if (values.out !== undefined) refuseToOverwrite(inputs, filesOfFlags(values), [values.out]);
  const dataset = await open(inputs, {
    ...(await withVerdicts(openSettings(values), values.verdicts, inputs)),
    onProgress: openProgress(),
    modelThreads: threads,
  });
  const facts = dataset.facts();
  const fail = (reason: string): number => {
    note(reason);
    return 1;
  };
  for (const text of refusedTexts(facts)) note(`warning: ${text}`);
  if (facts.rollouts === 0) return fail(`no record was usable: ${counted(facts.issues, 'issue')}; espalier inspect lists them`);
  const loaded = await dataset.score.load(
    {
      model: values.model === undefined ? { kind: 'bundled' } : { kind: 'folder', path: values.model },
      executor: device,
      dtype: values.dtype ?? null,
    },
    () => undefined,
  );
  if (!loaded.ok) return fail(loaded.reason.startsWith('expected a device') ? `--device: ${loaded.reason}; ${HOW_NATIVE}` : loaded.reason);
  const estimate = await dataset.score.estimate(scope, values.sketch !== 'off');
  if (!estimate.ok) return fail(estimate.reason);
  note(...estimateLines(estimate));
  if (values.estimate || values.out === undefined) {
    await dataset.close();
    return 0;
  }
  const end = await dataset.score.start(progressLine());
  await dataset.close();
  if (!end.ok) note(`stopped: ${end.reason}`);
  if (end.scored === 0) return fail('no token was scored, so there is nothing to save');
  const bytes = await dataset.score.save();
  await intoFile(values.out, [bytes]);
  note(...endLines(end, dataset.score.agreement(), values.out, bytes.length));
  return end.ok ? 0 : 1;
}

function estimateLines(estimate: Extract<ScoreEstimate, { ok: true }>): string[] {
  const lines = [
    modelText(estimate.source),
    `${countText(estimate.scored)} of the model's tokens to score (the log's ` +
      `${estimate.by === 'ids' ? 'own ids' : "text in the model's tokens, mapped back by bytes"})`,
    `${countText(estimate.tokens)} tokens to forward: ${countText(estimate.distinct)} distinct + ` +
      `${countText(estimate.reanchored)} repeated at window starts; about ` +
      `${secondsText(estimate.seconds)} at ${Math.round(estimate.tokensPerSecond)} tokens/s`,
  ];
  lines.push(
    windowsText(estimate),
    `keys and values take at most ${bytesText(estimate.cacheBytes)}, ${bytesText(estimate.cacheBytesPerToken)} for each token of a prefix`,
  );
  if (estimate.sketch !== null) lines.push(sketchText(estimate.sketch));
  if (estimate.unscorable > 0) lines.push(`${countText(estimate.unscorable)} tokens have no prefix and cannot be scored`);
  if (estimate.unknown > 0) lines.push(`${countText(estimate.unknown)} of the log's ids have no text and are left out`);
  if (estimate.inexact > 0)
    lines.push(`${countText(estimate.inexact)} nodes hold bytes that the model cannot tokenise exactly; their scores are shared out`);
  return [...lines, ...estimate.notes];
}

function windowsText({ windows: { context, overlap }, ownContext }: Extract<ScoreEstimate, { ok: true }>): string {
  const cut = context < ownContext ? `, cut from ${countText(ownContext)} to what memory holds` : '';
  return `a context of ${countText(context)} tokens${cut}; windows of longer texts overlap by ${countText(overlap)}`;
}

function sketchText({ of, why, tokens, nodes, tokenShare, nodeShare, bytes }: SketchEstimate): string {
  const share = (part: number): string => (part === 1 ? '' : ` (${(100 * part).toFixed(0)} %)`);
  return (
    `sketches of the gradient by the ${of === 'logits' ? `logits (no hidden state: ${why})` : 'last layer'} of ` +
    `${countText(tokens)} sampled tokens${share(tokenShare)} and ${counted(nodes, 'node')}${share(nodeShare)}: ${bytesText(bytes)}`
  );
}

function endLines(end: ScoreEnd, agreement: Agreement | null, path: string, bytes: number): string[] {
  const lines = [
    `${countText(end.scored)} tokens scored${end.ok ? ` in ${secondsText(end.seconds)}` : ''}, saved to ${path} (${bytesText(bytes)})`,
  ];
  for (const fallback of end.fallbacks) lines.push(`gave up ${fallback}`);
  if (agreement)
    lines.push(
      `agreement with logged ${agreement.of} on ${counted(agreement.tokens, 'token')}: ` +
        `Spearman ${agreement.spearman.toFixed(3)}, Pearson ${agreement.pearson.toFixed(3)}`,
    );
  return lines;
}

function secondsText(seconds: number): string {
  return seconds < 90 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
}

function progressLine(): (update: ScoreUpdate) => void {
  if (!process.stderr.isTTY) return () => undefined;
  let last = 0;
  return ({ tokens, totalTokens, tokensPerSecond, secondsLeft }) => {
    const now = Date.now();
    const done = tokens === totalTokens;
    if (now - last < 200 && !done) return;
    last = now;
    const rate = tokensPerSecond === null ? '' : `, ${Math.round(tokensPerSecond)} tokens/s`;
    const left = secondsLeft === null || done ? '' : `, ${secondsText(secondsLeft)} left`;
    progress(`${countText(tokens)} of ${countText(totalTokens)} tokens${rate}${left}`, done);
  };
}
