/** docs/problems.md lists every code as the catalogue has it; `npx vitest run --project shared documentation -u` writes it anew. */
import { expect, it } from 'vitest';
import { problemTexts } from '@shared/problems/catalogue';

const introduction = `# Problems

What the window marks, the command line prints, and \`--json\` gives as \`code\`. Codes are stable. Words in braces are
filled in with what came and what was expected. The texts stand in \`src-shared/problems/\`, in English and Simplified
Chinese.

| code | message | what to do |
| --- | --- | --- |
`;

/** Texts with their choices left out: `{reason, select, ...}` is written `{reason}`. */
function plain(text: string): string {
  let depth = 0;
  let isSkipping = false;
  return Array.from(text, (character) => {
    if (character === '{') depth += 1;
    if (character === ',' && depth === 1) isSkipping = true;
    if (character === '}') depth -= 1;
    if (character === '}' && depth === 0) isSkipping = false;
    return isSkipping || (character === '{' && depth > 1) ? '' : character;
  })
    .join('')
    .replaceAll('|', '\\|');
}

it('docs/problems.md lists every problem', async () => {
  const rows = Object.entries(problemTexts)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { message, hint }]) => `| \`${code}\` | ${plain(message.en)} | ${plain(hint.en)} |`);
  await expect(`${introduction}${rows.join('\n')}\n`).toMatchFileSnapshot('../../../docs/problems.md');
});
