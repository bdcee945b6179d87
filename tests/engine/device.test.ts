/** Which device computes, on machines that are simulated: none with a GPU is needed. */
import { describe, expect, it, vi } from 'vitest';
import type { Binding } from '../../src-main/engine/runtime/binding';
import { chooseDevice, type Machine } from '../../src-main/engine/runtime/device';
import { hasBf16 } from '../../src-main/engine/runtime/instructions';
import { deviceNames } from '../../src-main/engine/runtime/machine';
import { openRuntimeOn } from '../../src-main/engine/runtime/open-runtime';

const cpuBuild = { runtime: 'tfjs-node', addon: '/cpu/addon.node', version: '4.22.0' } as const;
const gpuBuild = { runtime: 'tfjs-node-gpu', addon: '/gpu/addon.node', version: '4.22.0' } as const;
const gpus = ['NVIDIA A', 'NVIDIA B'];

const machine = (parts: Partial<Machine>): Machine => ({
  cpuBuild,
  gpuBuild: undefined,
  gpus: [],
  processor: 'Test CPU',
  ...parts,
});

const notUsed = (): never => {
  throw new Error('not used here');
};

const binding = (isUsingGpu: boolean): Binding => ({
  createTensor: notUsed,
  deleteTensor: notUsed,
  tensorDataSync: notUsed,
  loadSavedModel: notUsed,
  deleteSavedModel: notUsed,
  runSavedModel: notUsed,
  getNumOfTensors: () => 0,
  getNumOfSavedModels: () => 0,
  isUsingGpuDevice: () => isUsingGpu,
  TF_FLOAT: 1,
  TF_INT32: 3,
  TF_UINT8: 4,
  TF_Version: '2.9.1',
});

describe('the choice', () => {
  it.each([
    ['auto', {}, 'tfjs-node', '-1', 'gpu/no-device'],
    ['auto', { gpus }, 'tfjs-node', '-1', 'gpu/no-build'],
    ['auto', { gpus, gpuBuild }, 'tfjs-node-gpu', '0', undefined],
    ['auto', { gpuBuild }, 'tfjs-node', '-1', 'gpu/no-device'],
    ['cpu', { gpus, gpuBuild }, 'tfjs-node', '-1', 'gpu/not-asked'],
    ['cpu', { gpus, gpuBuild, cpuBuild: undefined }, 'tfjs-node-gpu', '-1', 'gpu/not-asked'],
    ['gpu', { gpus, gpuBuild }, 'tfjs-node-gpu', '0', undefined],
    ['gpu:1', { gpus, gpuBuild }, 'tfjs-node-gpu', '1', undefined],
  ])('for %s on %j is %s with devices %s', (requested, parts, runtime, visibleDevices, gpuAbsence) => {
    const choice = chooseDevice(requested, machine(parts));
    expect(choice).toMatchObject({ ok: true, value: { installation: { runtime }, visibleDevices } });
    if (choice.ok) expect(choice.value.gpuAbsence).toBe(gpuAbsence);
  });

  it.each([
    ['gpu:2', { gpus, gpuBuild }, 'run/device-absent'],
    ['gpu:0', {}, 'run/device-absent'],
    ['gpu:0', { gpus }, 'run/gpu-build-missing'],
    ['tpu', { gpus, gpuBuild }, 'run/device-absent'],
    ['gpu:-1', { gpus, gpuBuild }, 'run/device-absent'],
    ['cpu', { cpuBuild: undefined }, 'run/engine-missing'],
  ])('for %s on %j is refused', (requested, parts, code) => {
    expect(chooseDevice(requested, machine(parts))).toMatchObject({ ok: false, error: { code } });
  });

  it('names what was found when the asked device is not there', () => {
    const refused = chooseDevice('gpu:7', machine({ gpus }));
    expect(refused).toMatchObject({
      error: { args: { device: 'gpu:7', found: 'cpu, gpu:0 (NVIDIA A), gpu:1 (NVIDIA B)' } },
    });
  });
});

describe('opening', () => {
  const both = machine({ gpus, gpuBuild });

  it('sets the environment before the addon is loaded, keeping what the user set', () => {
    const environment: NodeJS.ProcessEnv = { TF_ENABLE_ONEDNN_OPTS: '0' };
    let seen: NodeJS.ProcessEnv = {};
    openRuntimeOn('gpu:1', both, environment, () => {
      seen = { ...environment };
      return binding(true);
    });
    expect(seen).toMatchObject({
      TF_ENABLE_ONEDNN_OPTS: '0',
      TF_FORCE_GPU_ALLOW_GROWTH: 'true',
      TF_CPP_MIN_LOG_LEVEL: '2',
      CUDA_VISIBLE_DEVICES: '1',
    });
    const fresh: NodeJS.ProcessEnv = {};
    openRuntimeOn('cpu', both, fresh, () => binding(false));
    expect(fresh).toMatchObject({ TF_ENABLE_ONEDNN_OPTS: '1', CUDA_VISIBLE_DEVICES: '-1' });
  });

  it('on a GPU that TensorFlow accepts names it', () => {
    const opened = openRuntimeOn('auto', both, {}, () => binding(true));
    expect(opened.ok && opened.value.describe()).toEqual({
      runtime: 'tfjs-node-gpu',
      tfjsVersion: '4.22.0',
      tensorflowVersion: '2.9.1',
      device: 'GPU 0: NVIDIA A',
    });
  });

  it('falls back to the processor when the GPU build does not load, unless a GPU was asked for', () => {
    const load = vi.fn((addon: string) => {
      if (addon === gpuBuild.addon) throw new Error('libcudnn.so.8: cannot open shared object file');
      return binding(false);
    });
    const opened = openRuntimeOn('auto', both, {}, load);
    expect(opened.ok && opened.value.describe()).toMatchObject({
      runtime: 'tfjs-node',
      gpuAbsence: 'gpu/build-broken',
    });
    expect(load.mock.calls).toEqual([[gpuBuild.addon], [cpuBuild.addon]]);
    const refused = openRuntimeOn('gpu:0', both, {}, load);
    expect(refused).toMatchObject({
      error: { code: 'run/engine-missing', args: { reason: expect.stringContaining('libcudnn') as string } },
    });
  });

  it('stays with the loaded GPU build when TensorFlow does not accept the device, and says so', () => {
    const load = vi.fn(() => binding(false));
    const opened = openRuntimeOn('auto', both, {}, load);
    expect(opened.ok && opened.value.describe()).toMatchObject({
      runtime: 'tfjs-node-gpu',
      device: 'CPU: Test CPU',
      gpuAbsence: 'gpu/not-usable',
    });
    expect(load).toHaveBeenCalledTimes(1);
    expect(openRuntimeOn('gpu:0', both, {}, load)).toMatchObject({ error: { code: 'run/device-absent' } });
  });

  it('reports an addon that the system refuses', () => {
    const opened = openRuntimeOn('cpu', both, {}, () => {
      throw new Error('wrong ELF class\nmore');
    });
    expect(opened).toMatchObject({
      error: { code: 'run/engine-missing', args: { reason: 'wrong ELF class' } },
    });
  });
});

describe('the listing of nvidia-smi', () => {
  it('gives names in the order of their numbers', () => {
    const listing = 'GPU 0: NVIDIA H100 80GB HBM3 (UUID: GPU-1)\nGPU 1: Quadro RTX (Max-Q) (UUID: GPU-2)\n';
    expect(deviceNames(listing)).toEqual(['NVIDIA H100 80GB HBM3', 'Quadro RTX (Max-Q)']);
    expect(deviceNames('No devices were found\n')).toEqual([]);
  });
});

it('bf16 is read off the instructions of the processor', () => {
  expect(hasBf16('flags\t\t: fpu sse2 avx512_bf16 amx_tile')).toBe(true);
  expect(hasBf16('Features\t: fp asimd bf16 i8mm')).toBe(true);
  expect(hasBf16('flags\t\t: fpu sse2 avx512f')).toBe(false);
  expect(hasBf16('')).toBe(false);
});
