/** Decides what fills the window: the first screen, a fetch, reading, or the workbench; and which dialog lies over it. */
import { visible } from '../base/visible.ts';
import { lazy, Suspense, useEffect, useState } from 'react';
import { takeNewer } from './offline.ts';
import { useOffline } from './state/offline.ts';
import { useActions } from './actions.ts';
import type { Action } from './action.ts';
import { useSessionDeath, useSessionSilence } from './queries/client.ts';
import { loadInputFile, useGrowing } from './queries/growing.ts';
import { isAbort, useFacts, useOpen } from './queries/opening.ts';
import { useShortcuts } from './shortcuts.ts';
import { useChoices } from './state/choices.ts';
import { useIncoming } from './state/incoming.ts';
import { isEmbedded, useEmbedding } from './state/embedding.ts';
import { useSessions } from './state/sessions.ts';
import { useKeeping } from './state/kept-session.ts';
import { AskAddress } from './views/entry/ask-address.tsx';
import { openAgain } from './views/entry/resume.ts';
import { EmptyState } from './views/entry/empty-state.tsx';
import { Fetching, Loading } from './views/entry/loading.tsx';
import { useDrop } from './views/entry/use-drop.ts';
import { HelpSheet } from './views/help/help-sheet.tsx';
import { Palette } from './views/palette/palette.tsx';
import { useAutoScoring } from './views/scoring/use-auto-scoring.ts';
import { ProblemsDrawer } from './views/problems/problems-drawer.tsx';
import { TopBar } from './views/top-bar/top-bar.tsx';
import { Button } from './widgets/controls.tsx';
import { ErrorBoundary } from './widgets/error-boundary.tsx';

const loadExport = (): Promise<{ readonly default: () => React.ReactNode }> =>
  import('./views/export/export-dialog.tsx').then(({ ExportDialog }) => ({ default: ExportDialog }));
const ExportDialog = lazy(loadExport);

const loadWorkbench = (): Promise<{ readonly default: typeof import('./workbench.tsx').Workbench }> =>
  import('./workbench.tsx').then(({ Workbench }) => ({ default: Workbench }));
const Workbench = lazy(loadWorkbench);
const loadReport = () => import('./views/report/report-dialog.tsx');
const loadSessions = () => import('./views/entry/session-dialogs.tsx');
const loadVerdicts = () => import('./views/entry/verdict-preview.tsx');
const loadAddOrReplace = () => import('./views/entry/add-or-replace.tsx');
const loadDataset = () => import('./views/dataset/dataset-panel.tsx');
const loadMapping = () => import('./views/mapping/mapping-dialog.tsx');
const ReportDialog = lazy(loadReport);
const SessionDialogs = lazy(loadSessions);
const VerdictPreview = lazy(loadVerdicts);
const AddOrReplace = lazy(loadAddOrReplace);
const DatasetPanel = lazy(loadDataset);
const MappingDialog = lazy(loadMapping);
const loadEntropy = () => import('./views/scoring/entropy-panel.tsx');
const EntropyPanel = lazy(loadEntropy);
/** Panels that come when they are asked for, with what they are called where they fail. */
const LATER: Readonly<Partial<Record<string, { readonly name: string; readonly Panel: React.ComponentType }>>> = {
  export: { name: 'The export dialog', Panel: ExportDialog },
  report: { name: 'The report dialog', Panel: ReportDialog },
  entropy: { name: 'The entropy panel', Panel: EntropyPanel },
  mapping: { name: 'The mapping dialog', Panel: MappingDialog },
  dataset: { name: 'The open dataset', Panel: DatasetPanel },
};
const AskSender = lazy(() => import('./views/entry/ask-sender.tsx'));

export function App() {
  const [problem, setProblem] = useState('');
  const over = useDrop(setProblem);
  const actions = useActions(setProblem);
  useShortcuts(actions);
  useAutoScoring();
  const opened = useChoices((s) => s.opening !== null);
  const isAsked = useIncoming((s) => s.waiting !== null);
  const hasSession = useSessions((s) => s.waiting !== null || s.isSaving);
  const isSent = useEmbedding((s) => s.waiting !== null);
  const isJudged = useIncoming((s) => s.verdicts !== null);
  // The first screen stands without it.
  useEffect(() => void loadWorkbench().catch(() => undefined), []);
  useEffect(() => {
    // Not needed before a log is open, and then at once: the server may be gone when it is.
    if (opened)
      for (const load of [
        loadExport,
        loadReport,
        loadSessions,
        loadVerdicts,
        loadAddOrReplace,
        loadDataset,
        loadEntropy,
        loadMapping,
        loadInputFile,
      ])
        void load().catch(() => undefined);
  }, [opened]);
  return (
    <div className="flex h-full flex-col">
      <Death />
      <Silence />
      <Notice />
      {opened && <NotKept />}
      <Newer />
      {opened && problem !== '' && <Banner sentence={problem} button="Close" onClick={() => setProblem('')} />}
      <div className="min-h-0 flex-1">
        <Screen problem={problem} onProblem={setProblem} />
      </div>
      <Panels actions={actions} />
      <AskAddress />
      <Suspense fallback={null}>
        {isAsked && <AddOrReplace onProblem={setProblem} />}
        {isJudged && <VerdictPreview />}
        {isSent && <AskSender />}
        {hasSession && <SessionDialogs onProblem={setProblem} />}
      </Suspense>
      {over && (
        <div
          aria-hidden="true"
          className={
            'pointer-events-none fixed inset-2 z-50 grid place-content-center rounded ' +
            'border-2 border-dashed border-leaf bg-leaf-soft/85 text-t4 font-[600] text-leaf'
          }
        >
          {opened ? 'Drop to add or replace' : 'Drop to open'}
        </div>
      )}
    </div>
  );
}

function Screen({ problem, onProblem }: { readonly problem: string; readonly onProblem: (sentence: string) => void }) {
  const opening = useChoices((s) => s.opening);
  const address = useChoices((s) => s.address);
  const close = useChoices((s) => s.close);
  const facts = useFacts();
  const open = useOpen();
  const isGrowing = useGrowing() !== null;
  if (address !== null)
    return (
      <Plain>
        <Fetching onProblem={onProblem} />
      </Plain>
    );
  if (!opening && isEmbedded())
    return (
      <Plain>
        <main className="grid h-full place-content-center gap-2 p-6 text-center">
          <p className="m-0 text-t3">Waiting for a log from the page around this one.</p>
          {problem !== '' && (
            <p role="alert" className="m-0 max-w-[64ch] wrap-anywhere text-cut">
              {visible(problem)}
            </p>
          )}
        </main>
      </Plain>
    );
  if (!opening)
    return (
      <Plain>
        <EmptyState problem={problem} onProblem={onProblem} />
      </Plain>
    );
  if (open.error && !isAbort(open.error)) {
    return (
      <Plain>
        <Stop sentence={problem === '' ? `These files could not be opened: ${open.error.message}` : problem} onClick={close}>
          <Button look="go" onClick={() => void openAgain().then(onProblem)}>
            Try again
          </Button>
        </Stop>
      </Plain>
    );
  }
  if (!facts || (facts.rollouts === 0 && open.isPending))
    return (
      <Plain>
        <div className="grid h-full place-content-center p-6">
          <Loading wide={false} />
        </div>
      </Plain>
    );
  if (facts.rollouts === 0)
    return (
      <Plain>
        <NothingUsable onClick={close} />
      </Plain>
    );
  return (
    <Suspense fallback={<p className="m-0 p-4 text-ink2">Loading the workbench…</p>}>
      <Workbench reading={open.isPending || isGrowing} />
    </Suspense>
  );
}

function Plain({ children }: { readonly children: React.ReactNode }) {
  return (
    <div className="flex h-full flex-col">
      <TopBar />
      <div className="min-h-0 flex-1">{children}</div>
    </div>
  );
}

interface StopProps {
  readonly sentence: string;
  readonly onClick: () => void;
  readonly children: React.ReactNode;
}

function Stop({ sentence, onClick, children }: StopProps) {
  return (
    <main className="grid h-full place-content-center gap-3 p-6 text-center">
      <p role="alert" className="m-0 max-w-[64ch] wrap-anywhere text-cut">
        {visible(sentence)}
      </p>
      <div className="flex justify-center gap-2">
        {children}
        <Button onClick={onClick}>Back</Button>
      </div>
    </main>
  );
}

function NothingUsable({ onClick }: { readonly onClick: () => void }) {
  const facts = useFacts();
  const set = useChoices((s) => s.set);
  return (
    <main className="grid h-full place-content-center gap-3 p-6 text-center">
      <p role="alert" className="m-0 max-w-[56ch]">
        No record in these files could be used as a rollout.
      </p>
      <div className="flex flex-wrap justify-center gap-2">
        {facts !== undefined && facts.unmapped.length > 0 && (
          <Button look="go" onClick={() => set({ panel: 'mapping' })}>
            Map fields…
          </Button>
        )}
        <Button onClick={() => set({ panel: 'problems' })}>Show the problems</Button>
        <Button onClick={onClick}>Back</Button>
      </div>
    </main>
  );
}

function Notice() {
  const notice = useChoices((s) => s.notice);
  const set = useChoices((s) => s.set);
  return notice === '' ? null : <Banner sentence={notice} button="Close" onClick={() => set({ notice: '' })} />;
}

/** The worker died: nothing on screen answers any more, but the choices are all here. */
function Death() {
  const why = useSessionDeath();
  return why === null ? null : (
    <Banner
      sentence={`The worker that holds the forest stopped: ${why}. Your settings are kept.`}
      button="Open again"
      onClick={() => useChoices.getState().reopen({})}
    />
  );
}

/** The worker answers nothing: it may be busy, and nobody can tell from outside. */
function Silence() {
  const seconds = useSessionSilence();
  return seconds === null ? null : (
    <Banner
      sentence={`The worker that holds the forest has not answered for ${seconds} s: it is at something large, or stuck.`}
      button="Open again"
      onClick={() => useChoices.getState().reopen({})}
    />
  );
}

/** Told once: what is open works all the same. */
function NotKept() {
  const isRefused = useKeeping((s) => s.isRefused);
  const [isRead, setIsRead] = useState(false);
  return isRefused && !isRead ? (
    <output className="flex flex-none items-center gap-3 border-b border-line bg-leaf-soft px-4 py-1.5 text-t1">
      <span className="min-w-0 flex-1">
        This browser keeps nothing of the session: its storage is full or blocked. After a reload, open the files again.
      </span>
      <Button small onClick={() => setIsRead(true)}>
        Close
      </Button>
    </output>
  ) : null;
}

/** A newer version of the page was fetched; it comes when a person wants it. */
function Newer() {
  const isNewer = useOffline((s) => s.isNewer);
  const [isLater, setIsLater] = useState(false);
  return isNewer && !isLater ? (
    <output className="flex flex-none items-center gap-3 border-b border-line bg-leaf-soft px-4 py-1.5 text-t1">
      <span className="min-w-0 flex-1">A newer Espalier is ready. Reloading brings it; what is open is opened again.</span>
      <Button small onClick={takeNewer}>
        Reload
      </Button>
      <Button small look="quiet" onClick={() => setIsLater(true)}>
        Later
      </Button>
    </output>
  ) : null;
}

interface BannerProps {
  readonly sentence: string;
  readonly button: string;
  readonly onClick: () => void;
}

function Banner({ sentence, button, onClick }: BannerProps) {
  return (
    <div role="alert" className="flex flex-none items-center gap-3 border-b border-cut bg-cut-soft px-4 py-1.5 text-t1">
      <span className="min-w-0 flex-1 wrap-anywhere">{visible(sentence)}</span>
      <Button small onClick={onClick}>
        {button}
      </Button>
    </div>
  );
}

function Panels({ actions }: { readonly actions: readonly Action[] }) {
  const panel = useChoices((s) => s.panel);
  if (panel === 'palette') return <Palette actions={actions} />;
  if (panel === 'help') return <HelpSheet actions={actions} />;
  if (panel === 'problems') return <ProblemsDrawer />;
  const later = panel === null ? undefined : LATER[panel];
  if (later === undefined) return null;
  const { name, Panel } = later;
  return (
    <ErrorBoundary name={name}>
      <Suspense fallback={null}>
        <Panel />
      </Suspense>
    </ErrorBoundary>
  );
}
