// How the app is packaged; `npm run package` adds the Electron runtime that the bootstrap found.
import { datasetFolder } from './scripts/bootstrap/paths.mjs';

const tensorflow = 'node_modules/@tensorflow/tfjs-node';

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'org.layerloom.app',
  productName: 'Layerloom',
  copyright: 'Copyright the Layerloom authors, Apache-2.0',
  directories: { output: 'dist', buildResources: 'resources' },
  // The addon is Node-API and fits every Electron as it is.
  npmRebuild: false,
  asar: true,
  // Native code must be real files, and the addon finds libtensorflow by its place beside it.
  asarUnpack: [`${tensorflow}/**`],
  files: [
    'out/**',
    '!out/**/*.map',
    'package.json',
    '!**/*.{map,d.ts,md}',
    '!node_modules/@tensorflow/*/{src,test,benchmarks,wasm-src}/**',
    // Bundles for browsers; Node takes the `main` of each package.
    '!node_modules/@tensorflow/*/dist/**/*.{min.js,fesm.js,fesm.min.js,es2017.js,es2017.min.js}',
    `!${tensorflow}/{binding,deps/include,python,scripts}/**`,
    `!${tensorflow}/lib/napi-v{3,4,5,6,7}/**`,
  ],
  extraResources: [
    { from: datasetFolder('fashion-mnist'), to: 'datasets/fashion-mnist', filter: ['*-ubyte.gz', '*-ubyte'] },
    { from: 'resources', to: 'resources', filter: ['datasets.json'] },
    { from: 'LICENSE', to: 'LICENSE' },
    { from: 'NOTICE', to: 'NOTICE' },
  ],
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    onlyLoadAppFromAsar: true,
  },
  linux: {
    target: ['AppImage', 'deb'],
    category: 'Science',
    executableName: 'layerloom',
    maintainer: 'The Layerloom authors',
  },
  mac: { target: ['dmg'], category: 'public.app-category.developer-tools' },
  win: { target: ['nsis'] },
};
