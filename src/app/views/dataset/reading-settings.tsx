/** Settings that change the forest itself, so that applying them reads the files again. */
import { useState } from 'react';
import { usePicked } from '../../state/choices.ts';
import { Button } from '../../widgets/controls.tsx';

export function ReadingSettings() {
  const { openSettings, reopen } = usePicked(({ openSettings, reopen }) => ({ openSettings, reopen }));
  const [memory, setMemory] = useState(openSettings.memoryTools.join(', '));
  const [block, setBlock] = useState(openSettings.maxNodeTokens === null ? '' : String(openSettings.maxNodeTokens));
  const { tokenizer } = openSettings;
  const apply = (): void => {
    const size = Number(block);
    const memoryTools = memory
      .split(',')
      .map((word) => word.trim().toLowerCase())
      .filter(Boolean);
    reopen({ memoryTools, maxNodeTokens: block.trim() !== '' && Number.isInteger(size) && size > 0 ? size : null });
  };
  return (
    <section aria-label="How files are read" className="grid gap-2 rounded border border-line bg-paper p-3">
      <h3 className="m-0 text-t1 font-[600]">How files are read</h3>
      <div className="grid grid-cols-[128px_minmax(0,1fr)] items-center gap-y-1.5">
        <span className="text-ink2">Tokenizer for text</span>
        <span className="flex flex-wrap items-center gap-2">
          <b className="font-[550]">{tokenizer.kind === 'o200k_base' ? 'o200k_base' : tokenizer.name}</b>
          {tokenizer.kind === 'huggingface' && (
            <Button small onClick={() => reopen({ tokenizer: { kind: 'o200k_base' } })}>
              Reset to o200k_base
            </Button>
          )}
          <span className="text-ink2">Drop a tokenizer.json to use another. Logged token ids always take precedence.</span>
        </span>
        <label htmlFor="memory-tools" className="text-ink2">
          Memory tools
        </label>
        <input
          id="memory-tools"
          value={memory}
          onChange={(event) => setMemory(event.target.value)}
          title="A call is a memory event when its tool’s name contains one of these"
          className="h-[26px] rounded border border-line2 bg-card px-2 font-mono text-t1"
        />
        <label htmlFor="block-size" className="text-ink2">
          Longest node
        </label>
        <span className="flex items-center gap-2">
          <input
            id="block-size"
            value={block}
            inputMode="numeric"
            placeholder="off"
            onChange={(event) => setBlock(event.target.value)}
            className="h-[26px] w-[84px] rounded border border-line2 bg-card px-2 tabular-nums"
          />
          <span className="text-ink2">tokens; longer segments are split into blocks</span>
        </span>
      </div>
      <div>
        <Button small onClick={apply}>
          Apply and read again
        </Button>
      </div>
    </section>
  );
}
