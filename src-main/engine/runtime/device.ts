/** Which build of TensorFlow computes on which device, and why: decided from facts alone, without loading anything. */
import { problem, type Problem } from '@shared/problems/problem';
import type { GpuAbsence } from '@shared/run/gpu-absence';
import { failure, type Result, success } from '@shared/util/result';

/** An installed tfjs-node package whose addon is there. */
export interface Installation {
  readonly runtime: 'tfjs-node' | 'tfjs-node-gpu';
  readonly addon: string;
  readonly version: string;
}

/** What was found on this machine. */
export interface Machine {
  readonly cpuBuild: Installation | undefined;
  readonly gpuBuild: Installation | undefined;
  /** Names of the NVIDIA devices, in the order of their numbers on the PCI bus. */
  readonly gpus: readonly string[];
  /** Name of the processor. */
  readonly processor: string;
}

export interface DeviceChoice {
  readonly installation: Installation;
  /** Value of CUDA_VISIBLE_DEVICES; `-1` hides all. */
  readonly visibleDevices: string;
  /** As people read it. */
  readonly device: string;
  /** Present when the processor computes. */
  readonly gpuAbsence?: GpuAbsence;
  /** True when the user named a GPU: then the processor is no substitute. */
  readonly isGpuRequired: boolean;
}

/** `requested` is `auto`, `cpu`, `gpu` or `gpu:N`. */
export function chooseDevice(requested: string, machine: Machine): Result<DeviceChoice, Problem> {
  if (requested === 'cpu') return processorChoice(machine, 'gpu/not-asked');
  if (requested === 'auto') return automaticChoice(machine);
  const number = /^gpu(?::(\d{1,3}))?$/.exec(requested);
  if (number === null) return failure(absent(requested, machine));
  return gpuChoice(Number(number[1] ?? 0), requested, machine);
}

/** The choice to fall back on when the GPU build turned out not to load or not to see the device. */
export function processorChoice(machine: Machine, gpuAbsence: GpuAbsence): Result<DeviceChoice, Problem> {
  const installation = machine.cpuBuild ?? machine.gpuBuild;
  if (installation === undefined) {
    return failure(problem('run/engine-missing', { reason: 'tfjs_binding.node was not found' }));
  }
  const device = `CPU: ${machine.processor}`;
  return success({ installation, visibleDevices: '-1', device, gpuAbsence, isGpuRequired: false });
}

export function absent(requested: string, machine: Machine): Problem {
  const found = ['cpu', ...machine.gpus.map((name, index) => `gpu:${index} (${name})`)].join(', ');
  return problem('run/device-absent', { device: requested, found });
}

function automaticChoice(machine: Machine): Result<DeviceChoice, Problem> {
  if (machine.gpus.length === 0) return processorChoice(machine, 'gpu/no-device');
  if (machine.gpuBuild === undefined) return processorChoice(machine, 'gpu/no-build');
  return success(onGpu(0, machine.gpuBuild, machine, false));
}

function gpuChoice(index: number, requested: string, machine: Machine): Result<DeviceChoice, Problem> {
  if (index >= machine.gpus.length) return failure(absent(requested, machine));
  if (machine.gpuBuild === undefined) return failure(problem('run/gpu-build-missing', { device: requested }));
  return success(onGpu(index, machine.gpuBuild, machine, true));
}

function onGpu(
  index: number,
  installation: Installation,
  { gpus }: Machine,
  isGpuRequired: boolean,
): DeviceChoice {
  const device = `GPU ${index}: ${gpus[index] ?? 'NVIDIA'}`;
  return { installation, visibleDevices: String(index), device, isGpuRequired };
}
