/** A judge at an address: who it is, what is sent, how far it has come, and what it said. */
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { DEFAULT_PROMPT } from '../../../core/judge/prompt.ts';
import type { CandidatesQuestion } from '../../../engine/answers/candidates.ts';
import { cancelJudge, offerJudge, sendToJudge } from '../../queries/judging.ts';
import { useJudging } from '../../state/judging.ts';
import { exact, plural } from '../../text/format.ts';
import { Button, NumberField } from '../../widgets/controls.tsx';
import { JudgeOutcome, JudgeProgressLine } from './judge-outcome.tsx';

const FIELD = 'h-7 min-w-0 rounded border border-line2 bg-paper px-2 text-t1 text-ink';
const HOST = 'font-mono font-[550] wrap-anywhere';

export function JudgePanel({ question }: { readonly question: CandidatesQuestion }) {
  const { address, model, key, samples, atOnce, temperature, prompt, offered, progress, problem, judged, set } = useJudging();
  const isBusy = progress !== null;
  const times = samples > 1 ? `, ${exact(samples)} times each,` : '';
  const unencrypted = /^\s*http:/i.test(address) ? ' The connection is not encrypted.' : '';
  return (
    <>
      <p className="m-0 max-w-[80ch] text-ink2">
        A language model at an OpenAI-compatible address is asked about each patch for a number from 0 to 10.{' '}
        <b className="font-[550] text-ink">What leaves this machine:</b> each patch, the text of its task and the prompt below, to that
        address; nothing else, and nothing before you say so. The key stays in this tab’s memory.
      </p>
      <form
        className="grid gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void offerJudge(question);
        }}
      >
        <fieldset disabled={isBusy || offered !== null} className="m-0 flex min-w-0 flex-wrap gap-x-4 gap-y-2 border-0 p-0">
          <Field name="Address" wide>
            <input
              value={address}
              onChange={(event) => set({ address: event.target.value })}
              placeholder="http://localhost:8000/v1"
              spellCheck={false}
              autoComplete="off"
              inputMode="url"
              className={`${FIELD} w-full font-mono`}
            />
          </Field>
          <Field name="Model" wide>
            <input
              value={model}
              onChange={(event) => set({ model: event.target.value })}
              spellCheck={false}
              autoComplete="off"
              className={`${FIELD} w-full font-mono`}
            />
          </Field>
          <Field name="Key, if it asks for one" wide>
            <KeyField />
          </Field>
          <Field name="Answers for each patch">
            <NumberField
              label="Answers for each patch"
              value={samples}
              format={String}
              low={1}
              high={100}
              onChange={(value) => set({ samples: Math.round(value) })}
              className={`${FIELD} w-16 border-line2! bg-paper!`}
            />
          </Field>
          <Field name="Questions at once">
            <NumberField
              label="Questions at once"
              value={atOnce}
              format={String}
              low={1}
              high={64}
              onChange={(value) => set({ atOnce: Math.round(value) })}
              className={`${FIELD} w-16 border-line2! bg-paper!`}
            />
          </Field>
          <Field name="Temperature">
            <input
              value={temperature ?? ''}
              inputMode="decimal"
              placeholder="its own"
              onChange={(event) => set({ temperature: temperatureOf(event.target.value) })}
              className={`${FIELD} w-20 tabular-nums`}
            />
          </Field>
        </fieldset>
        <details>
          <summary className="w-fit cursor-pointer text-ink2 hover:text-ink">Prompt</summary>
          <PromptField isBusy={isBusy || offered !== null} prompt={prompt} onChange={(next) => set({ prompt: next })} />
        </details>
        {!isBusy && offered === null && (
          <Button type="submit" look="go" className="justify-self-start">
            {judged === null ? 'Judge the candidates' : 'Judge again'}
          </Button>
        )}
      </form>
      {offered !== null && (
        <div role="alertdialog" aria-label="What is sent" className="grid gap-2 rounded border border-leaf bg-leaf-soft p-3">
          <p className="m-0 max-w-[80ch]">
            This sends {plural(offered.candidates, 'patch', 'patches')} with the texts of their tasks{times} to{' '}
            <b className={HOST}>{offered.host}</b>: {exact(offered.characters)} characters in all, besides the prompt
            {key === '' ? '' : ', with your key'}.{unencrypted} Whoever runs it can read them.
          </p>
          <div className="flex gap-2">
            <Button look="go" onClick={() => void sendToJudge()}>
              Send
            </Button>
            <Button onClick={cancelJudge}>Do not send</Button>
          </div>
        </div>
      )}
      {progress !== null && <JudgeProgressLine progress={progress} />}
      {problem !== null && (
        <p role="alert" className="m-0 rounded border border-cut bg-cut-soft px-3 py-2 wrap-anywhere">
          {problem}
        </p>
      )}
      {judged !== null && progress === null && <JudgeOutcome judged={judged} />}
    </>
  );
}

/** React would keep its value as an attribute of the page; so it is put in by hand. */
function KeyField() {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (field.current) field.current.value = useJudging.getState().key;
  }, []);
  return (
    <input
      ref={field}
      type="password"
      onChange={(event) => useJudging.setState({ key: event.target.value })}
      autoComplete="off"
      className={`${FIELD} w-full font-mono`}
    />
  );
}

/** A label above what it names. */
function Field({ name, wide = false, children }: { readonly name: string; readonly wide?: boolean; readonly children: ReactNode }) {
  return (
    <label className={`grid gap-1 text-ink2 ${wide ? 'min-w-0 grow basis-[220px]' : ''}`}>
      {name}
      {children}
    </label>
  );
}

function PromptField({
  isBusy,
  prompt,
  onChange,
}: {
  readonly isBusy: boolean;
  readonly prompt: string;
  readonly onChange: (prompt: string) => void;
}) {
  const about = useId();
  return (
    <div className="mt-2 grid gap-1">
      <textarea
        aria-label="Prompt"
        aria-describedby={about}
        value={prompt}
        disabled={isBusy}
        rows={15}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        className="w-full rounded border border-line2 bg-paper p-2 font-mono text-t1 text-ink"
      />
      <p id={about} className="m-0 flex flex-wrap items-center gap-3 text-t0 text-ink2">
        {'{task} and {patch} are filled in, each between marks that neither text holds.'}
        {prompt !== DEFAULT_PROMPT && (
          <Button small disabled={isBusy} onClick={() => onChange(DEFAULT_PROMPT)}>
            As it came
          </Button>
        )}
      </p>
    </div>
  );
}

/** Null, the address's own, where the text is no number from 0 to 2. */
function temperatureOf(text: string): number | null {
  const value = Number(text.replace(',', '.'));
  return text.trim() !== '' && value >= 0 && value <= 2 ? value : null;
}
