// The layers, as lint errors: who may import whom, and which packages each layer may use.

/** Packages free of DOM and Node, the only ones that the core may import. */
const corePackages = [
  ...['zod', 'protobufjs', 'intl-messageformat', 'fflate', 'h5wasm', '@dagrejs/dagre', 'fast-png', 'jpeg-js'],
];

const shared = '^src-shared/';
/** Opens exports with TensorFlow.js as users will: with its own packages, beside the runtime and its binding. */
const tfjsCheck = '^src-main/engine/export-checks/support/tfjs-library\\.ts$';
const layer = (name, from) => ({
  name,
  comment: 'Each layer imports itself and src-shared only.',
  severity: 'error',
  from: { path: from },
  to: { path: '^(src-|tests/)', pathNot: [shared, from] },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: { path: '^src-' },
      to: { couldNotResolve: true, pathNot: '\\?' },
    },
    layer('shared-imports-nothing-else', shared),
    layer('app-imports-shared-only', '^src-main/app/'),
    layer('engine-imports-shared-only', '^src-main/engine/'),
    layer('cli-imports-shared-only', '^src-main/cli/'),
    layer('preload-imports-shared-only', '^src-main/preload/'),
    layer('renderer-imports-shared-only', '^src-renderer/'),
    {
      name: 'shared-is-pure',
      comment: 'The core runs in every process: no Node, and of packages only those free of DOM and Node.',
      severity: 'error',
      from: { path: shared },
      to: {
        pathNot: [shared, '^resources/', ...corePackages.map((name) => `node_modules/${name}/`)],
        couldNotResolve: false,
      },
    },
    {
      name: 'renderer-has-no-node',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-electron-outside-app',
      comment: 'The engine and the command line run under plain Node too; types of Electron are fine.',
      severity: 'error',
      from: { path: '^src-', pathNot: '^src-main/(app|preload)/' },
      to: { path: 'node_modules/electron/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-canvas-knows-svelte-flow',
      severity: 'error',
      from: { path: '^src-', pathNot: '^src-renderer/canvas/' },
      to: { path: 'node_modules/@xyflow/' },
    },
    {
      name: 'only-runtime-knows-tensorflow',
      severity: 'error',
      from: { path: '^src-', pathNot: ['^src-main/engine/runtime/', tfjsCheck] },
      to: { path: 'node_modules/@tensorflow/' },
    },
    {
      name: 'tfjs-check-without-our-tensorflow',
      comment:
        'What checks an export must not be the library that wrote it: of TensorFlow, JavaScript alone.',
      severity: 'error',
      from: { path: tfjsCheck },
      to: {
        path: 'node_modules/@tensorflow/',
        pathNot: 'node_modules/@tensorflow/tfjs-(backend-cpu|converter|core|layers)/',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      // Without 'types': some packages name there a file that they lack.
      conditionNames: ['svelte', 'import', 'require', 'node', 'default'],
      extensions: ['.ts', '.js', '.svelte', '.d.ts'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
