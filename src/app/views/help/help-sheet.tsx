/** All keys on one sheet, and what the drawing’s marks mean. */
import type { Action } from '../../action.ts';
import { useChoices } from '../../state/choices.ts';
import { keycap } from '../../state/keys.ts';
import { TERMS } from '../../text/terms.ts';
import { Kbd } from '../../widgets/controls.tsx';
import { Dialog } from '../../widgets/dialog.tsx';

const MARKS: readonly (readonly [string, string])[] = [
  ['Hue', 'the policy sampled these tokens; neutrals are context and tool results'],
  ['Hatched', 'dropped by the budget'],
  ['Solid terracotta line', 'the frontier: where the cut runs'],
  ['Dark left edge', 'protected; with a notch: pinned'],
  ['Blue outline', 'the selection'],
  ['Dotted underline in text', 'entropy of 2.4 nats or more'],
];

export function HelpSheet({ actions }: { readonly actions: readonly Action[] }) {
  const set = useChoices((s) => s.set);
  const groups = [...new Set(actions.map((action) => action.group))];
  return (
    <Dialog title="Shortcuts and legend" onClose={() => set({ panel: null })}>
      <div className="grid gap-x-8 gap-y-4 p-4 text-t1 sm:grid-cols-2">
        {groups.map((group) => {
          const bound = actions.filter((action) => action.group === group && action.keys.length > 0);
          if (bound.length === 0) return null;
          return (
            <section key={group} aria-label={group}>
              <h3 className="m-0 mb-1 text-t1 font-[600]">{group}</h3>
              {bound.map((action) => (
                <div key={action.id} className="flex items-center justify-between gap-3 py-0.5">
                  <span className="text-ink2">{action.name}</span>
                  <span className="flex gap-1">
                    {action.keys.map((key) => (
                      <Kbd key={key}>{keycap(key)}</Kbd>
                    ))}
                  </span>
                </div>
              ))}
            </section>
          );
        })}
        <section aria-label="Pointer">
          <h3 className="m-0 mb-1 text-t1 font-[600]">Pointer</h3>
          {[
            ['wheel', 'zoom'],
            ['drag', 'pan'],
            ['click', 'select'],
            ['double-click', 'focus a subtree'],
          ].map(([how, what]) => (
            <div key={how} className="flex justify-between gap-3 py-0.5">
              <span className="text-ink2">{what}</span>
              <span>{how}</span>
            </div>
          ))}
        </section>
        <section aria-label="Marks" className="sm:col-span-2">
          <h3 className="m-0 mb-1 text-t1 font-[600]">Marks</h3>
          <dl className="m-0 grid gap-0.5">
            {MARKS.map(([mark, means]) => (
              <div key={mark} className="flex flex-wrap gap-x-2">
                <dt className="font-[550]">{mark}:</dt>
                <dd className="m-0 text-ink2">{means}</dd>
              </div>
            ))}
          </dl>
        </section>
        <section aria-label="Words" className="sm:col-span-2">
          <h3 className="m-0 mb-1 text-t1 font-[600]">Words</h3>
          <dl className="m-0 grid gap-0.5">
            {Object.entries(TERMS).map(([word, means]) => (
              <div key={word} className="flex flex-wrap gap-x-2">
                <dt className="font-[550]">{word}:</dt>
                <dd className="m-0 text-ink2">{means}</dd>
              </div>
            ))}
          </dl>
        </section>
        <p className="m-0 text-ink2 sm:col-span-2">
          Espalier is under Apache-2.0.{' '}
          <a className="text-ink underline" href="THIRD-PARTY-NOTICES.txt" target="_blank" rel="noreferrer">
            Licences of what it is made of
          </a>
          .
        </p>
      </div>
    </Dialog>
  );
}
