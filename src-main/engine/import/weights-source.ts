/** The file or run that an engine may take weights from, and what becomes of them on a network. */
import type { NamedTensor } from '@shared/formats/safetensors';
import type { RunPlan } from '@shared/ipc/engine.contract';
import type { WeightMessage } from '@shared/ipc/import-messages';
import { problem, type Problem } from '@shared/problems/problem';
import { failure, type Result, success } from '@shared/util/result';
import type { Network } from '../network';
import { unexpected } from '../unexpected';
import { readTensors, type TensorNames } from './import-file';
import { matchText, messageOf, writeWeights } from './take-import';

export type StartWeights = NonNullable<RunPlan['startWeights']>;

export class WeightsSource {
  readonly #path: string | undefined;

  /** Every question is answered with `run/nothing-trained` where there is no path. */
  constructor(path: string | undefined) {
    this.#path = path;
  }

  async read<T>(read: (path: string) => Promise<Result<T, Problem>>): Promise<Result<T, Problem>> {
    if (this.#path === undefined) return failure(problem('run/nothing-trained'));
    return read(this.#path).catch((error: unknown) => failure(unexpected(error)));
  }

  tensors(names: TensorNames): Promise<Result<readonly NamedTensor[], Problem>> {
    return this.read((path) => readTensors(path, names));
  }

  /** What would become of the weights on the network of a document, as saved. */
  async match(document: string): Promise<Result<{ rows: WeightMessage[] }, Problem>> {
    const tensors = await this.tensors('layers');
    if (!tensors.ok) return tensors;
    const matched = matchText(document, tensors.value);
    return matched.ok ? success({ rows: messageOf(matched.value) }) : matched;
  }

  /** Writes the weights that fit; how many of the network's come from here. */
  async writeTo(network: Network, document: string): Promise<Result<StartWeights, Problem>> {
    const tensors = await this.tensors('layers');
    if (!tensors.ok) return tensors;
    const matched = matchText(document, tensors.value);
    if (!matched.ok) return matched;
    const written = await writeWeights(network, matched.value);
    if (!written.ok) return written;
    const kept = matched.value.tensors.length;
    const total = matched.value.report.filter(({ outcome }) => outcome !== 'unused').length;
    return success({ kept, total });
  }
}
