// Lint rules, all as errors; layer rules stand in .dependency-cruiser.cjs.
import js from '@eslint/js';
import prettier from 'eslint-config-prettier/flat';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const svelteFiles = ['**/*.svelte', '**/*.svelte.ts'];

/** Each TypeScript file opens with a comment that says what it is for. */
const openingComment = {
  create: (context) => ({
    Program(node) {
      const first = context.sourceCode.getAllComments()[0];
      const opens = first !== undefined && context.sourceCode.text.slice(0, first.range[0]).trim() === '';
      if (!opens)
        context.report({ node, message: 'Open the file with a one-sentence comment of its purpose.' });
    },
  }),
};

export default ts.config(
  { ignores: ['out', 'dist', 'node_modules', 'test-results', 'playwright-report', '**/*.cjs'] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ...ts.configs.recommendedTypeChecked,
  ...svelte.configs.recommended,
  prettier,
  ...svelte.configs.prettier,
  {
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union of literals or a const object.' },
        {
          selector: 'TSAsExpression > TSAsExpression > TSUnknownKeyword',
          message: 'Parse or narrow; do not cast through unknown.',
        },
      ],
    },
  },
  {
    files: ['src-*/**/*.ts', 'tests/**/*.ts'],
    plugins: { layerloom: { rules: { 'opening-comment': openingComment } } },
    rules: { 'layerloom/opening-comment': 'error' },
  },
  {
    files: ['src-*/**/*.{ts,svelte}'],
    rules: { 'max-lines': ['error', { max: 300 }] },
  },
  {
    files: ['src-*/**/*.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }] },
  },
  { files: ['src-renderer/**'], languageOptions: { globals: globals.browser } },
  {
    files: ['src-main/**', 'tests/**', 'scripts/**', '*.js', '*.ts'],
    languageOptions: { globals: globals.node },
  },
  { files: ['tests/**', 'scripts/bench/**'], languageOptions: { globals: globals.browser } },
  {
    files: svelteFiles,
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    rules: {
      // Fires on the initial value of a $state that the script assigns later.
      'no-useless-assignment': 'off',
      // State holds values that are replaced, not changed ($state.raw); the rule finds their copies and local maps.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  {
    files: ['**/*.svelte'],
    // ESLint does not know the types inside markup (events, each blocks, snippets) and takes them for any;
    // svelte-check does, and checks them.
    rules: {
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  // The type checker knows undefined names, the DOM's types included.
  { files: ['**/*.ts', ...svelteFiles], rules: { 'no-undef': 'off' } },
  { files: ['**/*.js', '**/*.mjs'], ...ts.configs.disableTypeChecked },
);
