/** All formats. */
import type { Format } from './format.ts';
import { areal } from './areal.ts';
import { atif } from './atif.ts';
import { atropos } from './atropos.ts';
import { batchResults } from './batch-results.ts';
import { callFiles } from './call-files.ts';
import { chat } from './chat.ts';
import { msSwift } from './ms-swift.ts';
import { aide } from './aide.ts';
import { openpipeArt } from './openpipe-art.ts';
import { rllm } from './rllm.ts';
import { treeOfThoughts } from './tree-of-thoughts.ts';
import { adp } from './adp.ts';
import { agentLightning } from './agent-lightning.ts';
import { marti } from './marti.ts';
import { moatless } from './moatless.ts';
import { treerl } from './treerl.ts';
import { nemoRlTraces } from './nemo-rl-traces.ts';
import { nemoRlBatch } from './nemo-rl-batch.ts';
import { browserSteps } from './browser-steps.ts';
import { slime } from './slime.ts';
import { paddedBatch } from './padded-batch.ts';
import { claudeCode } from './claude-code.ts';
import { antigravityCli } from './antigravity-cli.ts';
import { cline } from './cline.ts';
import { amp } from './amp.ts';
import { continueDev } from './continue-dev.ts';
import { copilotChat } from './copilot-chat.ts';
import { copilotCli } from './copilot-cli.ts';
import { cursorCli } from './cursor-cli.ts';
import { droidCli } from './droid-cli.ts';
import { geminiCli } from './gemini-cli.ts';
import { goose } from './goose.ts';
import { grokCli } from './grok-cli.ts';
import { hermesCli } from './hermes-cli.ts';
import { kimiCli } from './kimi-cli.ts';
import { pi } from './pi.ts';
import { qwenCode } from './qwen-code.ts';
import { aiderChat } from './aider.ts';
import { opencode } from './opencode.ts';
import { opencodeRun } from './opencode-run.ts';
import { openclawTelemetry } from './openclaw-telemetry.ts';
import { codex } from './codex.ts';
import { geminiHistory } from './gemini-history.ts';
import { messageLines } from './message-lines.ts';
import { cursorStream } from './cursor-stream.ts';
import { geminiStream } from './gemini-stream.ts';
import { codexExec } from './codex-exec.ts';
import { espalierForest } from './espalier-forest.ts';
import { inspect } from './inspect.ts';
import { miniSweAgent } from './mini-swe-agent.ts';
import { nemoGym } from './nemo-gym.ts';
import { openaiReply } from './openai-reply.ts';
import { openhands } from './openhands.ts';
import { openhandsConversation } from './openhands-conversation.ts';
import { openhandsEvents } from './openhands-events.ts';
import { orderFormats } from './order.ts';
import { primeRlTokens } from './prime-rl-tokens.ts';
import { promptCompletion } from './prompt-completion.ts';
import { proxyLog } from './proxy-log.ts';
import { cassette } from './cassette.ts';
import { serverReply } from './server-reply.ts';
import { serverStream } from './server-stream.ts';
import { sharegpt } from './sharegpt.ts';
import { sweAgent } from './swe-agent.ts';
import { tau2 } from './tau2.ts';
import { tauBench } from './tau-bench.ts';
import { verifiersResults } from './verifiers-results.ts';
import { verifiersTraces } from './verifiers-traces.ts';
import { verl } from './verl.ts';
import { traeAgent } from './trae-agent.ts';
import { adk } from './adk.ts';
import { autogen } from './autogen.ts';
import { r2eGym } from './r2e-gym.ts';
import { lmEval } from './lm-eval.ts';
import { langchain } from './langchain.ts';
import { bfclResults } from './bfcl-results.ts';
import { autogenSaved } from './autogen-saved.ts';
import { autogenChat } from './autogen-chat.ts';
import { agentbench } from './agentbench.ts';
import { langfuse } from './langfuse.ts';
import { langfuseObservations } from './langfuse-observations.ts';
import { langsmith } from './langsmith.ts';
import { letta } from './letta.ts';
import { lettaTrajectory } from './letta-trajectory.ts';
import { lettaMessages } from './letta-messages.ts';
import { mlflow } from './mlflow.ts';
import { managedAgents } from './managed-agents.ts';
import { otel } from './otel.ts';
import { runState } from './run-state.ts';
import { openaiAgents } from './openai-agents.ts';
import { sessionTraces } from './session-traces.ts';
import { smolagents } from './smolagents.ts';

/** In the order in which they are asked, which is not that of this list: `Format.beats` makes it. */
export const FORMATS: readonly Format[] = orderFormats([
  areal,
  atif,
  atropos,
  batchResults,
  callFiles,
  chat,
  msSwift,
  aide,
  openpipeArt,
  rllm,
  treeOfThoughts,
  adp,
  agentLightning,
  marti,
  moatless,
  treerl,
  nemoRlTraces,
  nemoRlBatch,
  browserSteps,
  slime,
  paddedBatch,
  claudeCode,
  codex,
  geminiHistory,
  messageLines,
  cursorStream,
  geminiStream,
  codexExec,
  openclawTelemetry,
  opencode,
  opencodeRun,
  aiderChat,
  qwenCode,
  pi,
  kimiCli,
  hermesCli,
  grokCli,
  geminiCli,
  droidCli,
  cursorCli,
  amp,
  continueDev,
  copilotChat,
  copilotCli,
  goose,
  cline,
  antigravityCli,
  espalierForest,
  inspect,
  miniSweAgent,
  nemoGym,
  openaiReply,
  openhands,
  openhandsConversation,
  openhandsEvents,
  primeRlTokens,
  promptCompletion,
  proxyLog,
  cassette,
  serverReply,
  serverStream,
  sharegpt,
  sweAgent,
  tau2,
  tauBench,
  verifiersResults,
  verifiersTraces,
  verl,
  traeAgent,
  adk,
  autogen,
  r2eGym,
  lmEval,
  langchain,
  bfclResults,
  autogenSaved,
  autogenChat,
  agentbench,
  langfuse,
  langfuseObservations,
  langsmith,
  letta,
  lettaTrajectory,
  lettaMessages,
  mlflow,
  managedAgents,
  otel,
  runState,
  openaiAgents,
  sessionTraces,
  smolagents,
]);
