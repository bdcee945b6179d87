/** Opens the runtime for a requested device: the GPU build first, the processor where that may stand in for it. */
import type { RuntimeDescription } from '@shared/ipc/engine.contract';
import { problem, type Problem } from '@shared/problems/problem';
import { failure, type Result, success } from '@shared/util/result';
import { type Binding, loadBinding } from './binding';
import { absent, chooseDevice, type DeviceChoice, type Machine, processorChoice } from './device';
import { prepareEnvironment } from './environment';
import { inspectMachine } from './machine';
import { TensorflowRuntime } from './tensorflow-runtime';

/** How an addon is loaded; tests simulate machines that are not at hand. */
export type BindingLoader = (addon: string) => Binding;

/** TensorFlow is loaded once per process: the device cannot be changed afterwards. */
export async function openRuntime(requested: string): Promise<Result<TensorflowRuntime, Problem>> {
  return openRuntimeOn(requested, await inspectMachine(), process.env, loadBinding);
}

export function openRuntimeOn(
  requested: string,
  machine: Machine,
  environment: NodeJS.ProcessEnv,
  load: BindingLoader,
): Result<TensorflowRuntime, Problem> {
  const choice = chooseDevice(requested, machine);
  if (!choice.ok) return choice;
  const opened = openChoice(choice.value, environment, load);
  if (opened.ok && isAsChosen(choice.value, opened.value))
    return success(describe(choice.value, opened.value));
  if (choice.value.isGpuRequired) return opened.ok ? failure(absent(requested, machine)) : opened;
  if (opened.ok) return onProcessor(machine, opened.value);
  return choice.value.gpuAbsence === undefined ? fallBack(machine, environment, load) : opened;
}

function openChoice(
  { installation, visibleDevices }: DeviceChoice,
  environment: NodeJS.ProcessEnv,
  load: BindingLoader,
): Result<Binding, Problem> {
  prepareEnvironment(environment, visibleDevices);
  try {
    return success(load(installation.addon));
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
    return failure(problem('run/engine-missing', { reason }));
  }
}

/** The processor is always there; a GPU must have been accepted. */
function isAsChosen({ gpuAbsence }: DeviceChoice, binding: Binding): boolean {
  return gpuAbsence !== undefined || binding.isUsingGpuDevice();
}

/** The GPU build is loaded and works, but on the processor: the other build must not be loaded beside it. */
function onProcessor(machine: Machine, binding: Binding): Result<TensorflowRuntime, Problem> {
  const choice = processorChoice({ ...machine, cpuBuild: machine.gpuBuild }, 'gpu/not-usable');
  return choice.ok ? success(describe(choice.value, binding)) : choice;
}

function fallBack(
  machine: Machine,
  environment: NodeJS.ProcessEnv,
  load: BindingLoader,
): Result<TensorflowRuntime, Problem> {
  const choice = processorChoice({ ...machine, gpuBuild: undefined }, 'gpu/build-broken');
  if (!choice.ok) return choice;
  const opened = openChoice(choice.value, environment, load);
  return opened.ok ? success(describe(choice.value, opened.value)) : opened;
}

function describe(choice: DeviceChoice, binding: Binding): TensorflowRuntime {
  const { installation, device, gpuAbsence } = choice;
  const description: RuntimeDescription = {
    runtime: installation.runtime,
    tfjsVersion: installation.version,
    tensorflowVersion: binding.TF_Version,
    device,
    ...(gpuAbsence === undefined ? {} : { gpuAbsence }),
  };
  return new TensorflowRuntime(binding, description);
}
