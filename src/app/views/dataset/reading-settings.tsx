/** Settings that change the forest itself, so that applying them reads the files again. */
import { useState } from 'react';
import { usePicked } from '../../state/choices.ts';
import { readPolicyVersion } from '../../../core/rollouts/policy-versions.ts';
import type { Group } from '../../../core/rollouts/regard.ts';
import { readStatusRewards, writeStatusRewards } from '../../../core/rollouts/status-rewards.ts';
import { visible } from '../../../base/visible.ts';
import { joinedText } from '../../../engine/words/joined.ts';
import { useFacts } from '../../queries/opening.ts';
import { saveVerdicts } from '../../queries/said-files.ts';
import { plural } from '../../text/format.ts';
import { Button, Segments } from '../../widgets/controls.tsx';
import type { Choice } from '../../widgets/controls.tsx';

const GROUP_CHOICES: readonly Choice<Group>[] = [
  { value: 'task', label: 'task', about: 'Rollouts of one task are compared with each other' },
  { value: 'file', label: 'task + file', about: 'Those of one task in one file are' },
  { value: 'model', label: 'task + model', about: 'Those of one task by one model are' },
  { value: 'policy', label: 'task + policy', about: 'Those of one task by one policy version are' },
];

export function ReadingSettings() {
  const { openSettings, reopen } = usePicked(({ openSettings, reopen }) => ({ openSettings, reopen }));
  const [memory, setMemory] = useState(openSettings.memoryTools.join(', '));
  const [block, setBlock] = useState(openSettings.maxNodeTokens === null ? '' : String(openSettings.maxNodeTokens));
  const [group, setGroup] = useState<Group>(openSettings.group ?? 'task');
  const [status, setStatus] = useState(writeStatusRewards(openSettings.statusRewards ?? []));
  const statusRewards = readStatusRewards(status);
  const [policy, setPolicy] = useState(String(openSettings.policyVersion ?? ''));
  const policyVersion = readPolicyVersion(policy);
  const facts = useFacts();
  const joined = facts ? joinedText(facts.joined) : '';
  const { tokenizer } = openSettings;
  const rewards = openSettings.rewards?.length ?? 0;
  const apply = (): void => {
    const size = Number(block);
    const memoryTools = memory
      .split(',')
      .map((word) => word.trim().toLowerCase())
      .filter(Boolean);
    reopen({
      memoryTools,
      maxNodeTokens: block.trim() !== '' && Number.isInteger(size) && size > 0 ? size : null,
      group,
      statusRewards: statusRewards ?? [],
      policyVersion: policyVersion ?? undefined,
    });
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
        <span className="text-ink2">One group per</span>
        <Segments label="One group of rollouts per" choices={GROUP_CHOICES} value={group} onChange={setGroup} />
        <label htmlFor="status-rewards" className="text-ink2">
          Reward by status
        </label>
        <span className="flex flex-wrap items-center gap-2">
          <input
            id="status-rewards"
            value={status}
            placeholder="submitted=1, exit_cost=0"
            aria-invalid={statusRewards === null}
            onChange={(event) => setStatus(event.target.value)}
            className="h-[26px] min-w-0 flex-1 rounded border border-line2 bg-card px-2 font-mono text-t1"
          />
          {statusRewards === null && <span className="text-cut">Expected STATUS=REWARD, …</span>}
        </span>
        <label htmlFor="policy-version" className="text-ink2">
          Policy version
        </label>
        <span className="flex items-center gap-2">
          <input
            id="policy-version"
            value={policy}
            inputMode="numeric"
            placeholder="newest"
            aria-invalid={policyVersion === null}
            onChange={(event) => setPolicy(event.target.value)}
            className="h-[26px] w-[84px] rounded border border-line2 bg-card px-2 tabular-nums"
          />
          {policyVersion === null ? (
            <span className="text-cut">Expected a whole number</span>
          ) : (
            <span className="text-ink2">that sampled tokens are on- or off-policy for</span>
          )}
        </span>
        {(joined !== '' || openSettings.joins === false) && (
          <>
            <span className="text-ink2">Beside the logs</span>
            <span className="flex flex-wrap items-center gap-2">
              {openSettings.joins === false ? 'Rewards of reports and results are left out' : visible(joined)}
              <Button small onClick={() => reopen({ joins: openSettings.joins === false })}>
                {openSettings.joins === false ? 'Join them' : 'Leave them out'}
              </Button>
            </span>
          </>
        )}
        {rewards > 0 && (
          <>
            <span className="text-ink2">Verdicts</span>
            <span className="flex flex-wrap items-center gap-2">
              {plural(rewards, 'reward')} of your own, in place of the log’s
              <Button small onClick={saveVerdicts}>
                Save
              </Button>
              <Button small onClick={() => reopen({ rewards: [] })}>
                Take them away
              </Button>
            </span>
          </>
        )}
      </div>
      <div>
        <Button small disabled={statusRewards === null || policyVersion === null} onClick={apply}>
          Apply and read again
        </Button>
      </div>
    </section>
  );
}
