/** The environment variables that TensorFlow reads once, while it is being loaded. */

/** Sets what is not set yet, and the visible devices in any case. */
export function prepareEnvironment(environment: NodeJS.ProcessEnv, visibleDevices: string): void {
  const defaults = {
    // Older builds turn oneDNN on by themselves on newer processors only; it is three times as fast.
    TF_ENABLE_ONEDNN_OPTS: '1',
    // Convolutions keep what oneDNN prepared for them from step to step: 6 % of LeNet's, hardly any memory.
    TF_MKL_OPTIMIZE_PRIMITIVE_MEMUSE: 'false',
    // Else the first run takes all memory of the GPU.
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    // Errors reach us as exceptions; the log repeats them with much else.
    TF_CPP_MIN_LOG_LEVEL: '2',
  };
  for (const [name, value] of Object.entries(defaults)) environment[name] ??= value;
  // The order in which nvidia-smi counts.
  environment['CUDA_DEVICE_ORDER'] = 'PCI_BUS_ID';
  environment['CUDA_VISIBLE_DEVICES'] = visibleDevices;
}
