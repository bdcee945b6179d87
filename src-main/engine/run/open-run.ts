/** A run of before, opened to answer questions: its network with the weights of its newest checkpoint. */
import type { Problem } from '@shared/problems/problem';
import { inPossiblePrecision } from '@shared/training/full-precision';
import { type Result, success } from '@shared/util/result';
import { Network } from '../network';
import { probeCapabilities } from '../runtime/probe';
import type { Runtime } from '../runtime/runtime';
import { type CompiledDocument, compileText } from '../training/prepare';
import { applyCheckpoint, readNewestCheckpoint } from './checkpoint';
import { classNamesOf, readRunDocument } from './resume';

export interface OpenedRun {
  readonly network: Network;
  readonly compiled: CompiledDocument;
  readonly classNames: readonly string[];
  /** Epochs that the checkpoint has behind it. */
  readonly epochs: number;
}

export async function openRun(directory: string, runtime: Runtime): Promise<Result<OpenedRun, Problem>> {
  const text = await readRunDocument(directory);
  if (!text.ok) return text;
  const capabilities = await probeCapabilities(runtime);
  const compiled = compileText(text.value, capabilities, (document) =>
    inPossiblePrecision(document, capabilities),
  );
  if (!compiled.ok) return compiled;
  const checkpoint = await readNewestCheckpoint(directory);
  if (!checkpoint.ok) return checkpoint;
  const { program, settings } = compiled.value;
  const classNames = await classNamesOf(directory, settings.dataset);
  if (!classNames.ok) return classNames;
  const network = await Network.load(runtime, program);
  if (!network.ok) return network;
  const applied = await applyCheckpoint(network.value, checkpoint.value, directory);
  if (!applied.ok) {
    network.value.dispose();
    return applied;
  }
  const { epochs } = checkpoint.value;
  return success({ network: network.value, compiled: compiled.value, classNames: classNames.value, epochs });
}
